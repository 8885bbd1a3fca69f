import { expect, it } from 'vitest';
import { can, ends, inOrder, invites, isLive, used, waits, type Shown } from './links';

const NOW = Date.UTC(2026, 10, 22, 12);
const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();
const link = (id: string, more: Partial<Shown> = {}): Shown => ({
  id,
  role: 'own',
  created_at: at(-24),
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
  ...more,
});

it('stands oldest first, and what was revoked at the end', () => {
  const links = [
    link('revoked first', { revoked_at: at(-3), created_at: at(-90) }),
    link('young', { created_at: at(-1) }),
    link('revoked last', { revoked_at: at(-2), created_at: at(-99) }),
    link('old', { created_at: at(-48) }),
  ];
  const order = inOrder(links).map(({ id }) => id);
  expect(order).toEqual(['old', 'young', 'revoked last', 'revoked first']);
});

it.each([
  [{}, 'Never expires', true],
  [{ expires_at: at(3) }, 'Expires in 3 hours', true],
  [{ expires_at: at(24) }, 'Expires tomorrow', true],
  [{ expires_at: at(0) }, 'Expired just now', false],
  [{ expires_at: at(-24) }, 'Expired yesterday', false],
  [{ expires_at: at(3), revoked_at: at(-2) }, 'Revoked 2 hours ago', false],
])('%o: %s', (more, words, live) => {
  expect(ends(link('a', more), NOW)).toBe(words);
  expect(isLive(link('a', more), NOW)).toBe(live);
});

it.each([
  [{}, 'Made yesterday, has changed nothing yet'],
  [{ last_used_at: at(-2) }, 'Made yesterday, last change 2 hours ago'],
  [{ revoked_at: at(-2) }, 'Made yesterday, never changed anything'],
  [{ role: 'view' as const }, 'Made yesterday'],
])('%o: %s', (more, words) => {
  expect(used(link('a', more), NOW)).toBe(words);
});

it.each([
  [{ role: 'score' as const }, 'Can enter scores', false, false],
  [{ join: { mode: 'open' as const } }, 'People join at once', true, false],
  [{ join: { mode: 'off' as const } }, 'Nobody new joins', true, false],
  [{ parent: 'lnk_1', player_id: 'plr_1' }, 'Plays on this board', false, false],
  [{ parent: 'lnk_1' }, 'Waits to be let in', false, true],
  [{ parent: 'lnk_1', revoked_at: at(-1) }, 'Waits to be let in', false, false],
])('%o: %s', (more, words, invitation, waiting) => {
  const shown = link('a', { role: 'join', ...more });
  expect([can(shown), invites(shown), waits(shown)]).toEqual([words, invitation, waiting]);
});
