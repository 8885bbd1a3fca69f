import { describe, expect, it } from 'vitest';
import type { Change, StandingsRow } from '../api/client';
import type { Rules } from '../domain/ranking';
import { advance, type Snapshot } from './snapshot';

const rules: Rules = {
  direction: 'high',
  rule: 'sum',
  ties: 'standard',
  tie_break: 'earliest',
  tiebreak_direction: 'none',
  decimals: 0,
};
const row = (id: string, rank: number | null, total: number | null) =>
  ({ rank, total, tiebreak: null, entries: 1, player: { id, name: id } }) as StandingsRow;
const snapshot: Snapshot = { revision: 5, rows: [row('a', 1, 9), row('b', 2, 4)] };
const change = (more: Partial<Change> = {}) =>
  ({
    revision: 6,
    action: 'score.added',
    items: [{ entity: 'scr_1', player: { id: 'b', name: 'b', total: 10, rank: 1 } }],
    ...more,
  }) as Change;

const joined = change({
  action: 'link.joined',
  items: [
    { action: 'link.joined', entity: 'lnk_1' },
    { action: 'player.added', entity: 'plr_1' },
  ],
});

describe('a change on a snapshot', () => {
  it('moves totals, entries and ranks to the next revision', () => {
    const next = advance(snapshot, change(), rules);
    expect(next?.revision).toBe(6);
    expect(next?.rows.map(({ player, rank, total }) => [player.id, rank, total])).toEqual([
      ['b', 1, 10],
      ['a', 2, 9],
    ]);
    expect(next?.rows[0]?.entries).toBe(2);
  });

  it('stays as it is when only links change', () => {
    const items = [{ action: 'link.revoked', entity: 'lnk_1' }];
    const next = advance(snapshot, change({ action: 'link.revoked', items }), rules);
    expect(next).toEqual({ ...snapshot, revision: 6 });
  });

  it.each([
    ['a gap', change({ revision: 7 }), rules],
    ['an older one', change({ revision: 5 }), rules],
    ['more than scores', change({ action: 'player.updated' }), rules],
    ['too much to tell', change({ refetch: true }), rules],
    ['a new player', change({ items: [{ entity: 's', player: { id: 'z' } }] as never }), rules],
    ['somebody who joins', joined, rules],
    ['no player', change({ items: [{ entity: 's' }] as never }), rules],
    ['a second value', change(), { ...rules, tiebreak_direction: 'high' as const }],
    ['an older place', change({ action: 'score.voided' }), { ...rules, ties: 'ordinal' as const }],
  ])('asks to read anew for %s', (_, given, under) => {
    expect(advance(snapshot, given, under)).toBeNull();
  });
});
