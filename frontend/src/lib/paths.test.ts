import { expect, it } from 'vitest';
import { historyOf } from './history-address';
import { paths, placeOf } from './paths';

it('reads every address it writes', () => {
  expect(placeOf(paths.home())).toEqual({ page: 'home' });
  expect(placeOf(paths.board('d3m0b04rd0'))).toEqual({
    page: 'board',
    slug: 'd3m0b04rd0',
    view: 'standings',
  });
  expect(placeOf(paths.rounds('d3m0b04rd0'))).toMatchObject({ view: 'rounds' });
  expect(placeOf(paths.links('d3m0b04rd0'))).toMatchObject({ view: 'links' });
  expect(placeOf(paths.boards())).toEqual({ page: 'boards' });
  expect(placeOf(paths.account())).toEqual({ page: 'account', view: 'overview' });
  expect(placeOf(paths.account('reset'))).toEqual({ page: 'account', view: 'reset' });
  expect(placeOf('/b/d3m0b04rd0/join')).toEqual({ page: 'join', slug: 'd3m0b04rd0' });
  expect(placeOf(historyOf('d3m0b04rd0'))).toMatchObject({ view: 'history' });
  expect(placeOf(historyOf('d3m0b04rd0', 'lnk_0A'))).toMatchObject({ of: 'lnk_0A' });
});

it('takes a slug in capitals and a slash at the end', () => {
  expect(placeOf('/b/D3M0B04RD0/')).toMatchObject({ page: 'board', slug: 'd3m0b04rd0' });
});

it.each(['/b/', '/b/a b', '/b/x/y', '/nowhere', '/b/../../etc', '/account/x'])(
  'knows nothing of %s',
  (path) => {
    expect(placeOf(path)).toEqual({ page: 'lost' });
  },
);
