import { expect, test } from 'vitest';
import { changesOf, moment, told, who, type Names, type Part } from './history';

const names: Names = {
  player: (id) => ({ plr_1: 'Ana', plr_2: 'Ben' })[id] ?? 'a player',
  link: (id) => ({ lnk_1: 'Referee tablet' })[id] ?? '',
  decimals: 0,
};

const part = (action: string, rest: Partial<Part> = {}): Part => ({
  revision: 4,
  at: '2026-11-22T21:14:07.000Z',
  actor: { role: 'score', id: 'lnk_1' },
  entity: 'plr_1',
  action,
  can_undo: true,
  ...rest,
});

const say = (...parts: Part[]) =>
  changesOf(parts.reverse()).map((change) => told(change, names))[0];

test('changes are told in plain words', () => {
  const player = { id: 'plr_1', total: 12 };
  const added = { op: 'add', value: 3, player_id: 'plr_1' };
  expect(say(part('score.added', { after: added, player }))).toBe('gave Ana +3, now 12');
  expect(say(part('score.added', { after: { ...added, op: 'set' }, player }))).toBe('set Ana to 3');
  expect(say(part('score.added'), part('score.added'))).toBe('entered 2 scores');
  expect(say(part('score.voided', { entity: 'scr_1', player }))).toBe('took back a score of Ana');
  const values = { before: { value: 3 }, after: { value: 4 } };
  expect(say(part('score.amended', { ...values, player }))).toBe(
    'corrected a score of Ana from 3 to 4',
  );
  expect(say(part('player.added', { after: { name: 'Cleo' } }))).toBe('added Cleo');
  expect(say(part('player.trashed'))).toBe('removed Ana');
  const renamed = { before: { name: 'Ana' }, after: { name: 'Anna' } };
  expect(say(part('player.updated', renamed))).toBe('renamed Ana to Anna');
  const round = part('round.added', { after: { label: 'One' } });
  expect(say(round, part('score.added'))).toBe('added the round One with a score');
  expect(say(part('game.updated', { after: { rule: 'best', ties: 'dense' } }))).toBe(
    'changed what counts and equal scores',
  );
  expect(say(part('game.undone', { after: { undid: [3] } }))).toBe('undid change 3');
  expect(say(part('game.undone', { after: { undid: [3, 5] } }))).toBe('undid 2 changes');
  expect(say(part('game.rewound', { after: { to_revision: 2 } }))).toBe('went back to change 2');
  expect(say(part('link.revoked', { entity: 'lnk_1' }))).toBe('revoked the link Referee tablet');
  const joined = part('link.joined', { entity: 'lnk_1' });
  expect(say(joined)).toBe('asked to join the board');
  expect(say(joined, part('player.added'))).toBe('joined the board');
  expect(say(part('link.approved', { entity: 'lnk_1' }), part('player.added'))).toBe(
    'let Referee tablet in',
  );
});

test('the parts of one request are one change, undone as a whole', () => {
  const [change, ...others] = changesOf([
    part('score.voided', { can_undo: false }),
    part('game.undone'),
  ]);
  expect(others).toEqual([]);
  expect(change?.parts.map(({ action }) => action)).toEqual(['game.undone', 'score.voided']);
  expect(change?.can_undo).toBe(false);
});

test('people are named by their link, or by what they may do', () => {
  expect(who({ role: 'score', id: 'lnk_1' }, names)).toBe('Referee tablet');
  expect(who({ role: 'own', id: 'lnk_9' }, names)).toBe('The owner');
  expect(who({ role: 'score' }, names)).toBe('A scorer');
  expect(who({ role: 'new' }, names)).toBe('Somebody');
});

test('a moment of today needs no date', () => {
  const at = '2026-11-22T12:14:07.000Z';
  const other = moment(at, new Date('2026-11-25T12:00:00.000Z'));
  expect(other).toContain('2026');
  expect(moment(at, new Date(at))).not.toContain('2026');
  expect(moment('')).toBe('');
});
