import { describe, expect, it } from 'vitest';
import { project, rerank, type Op, type Row } from './ops';
import type { Rules } from './ranking';

const rules: Rules = {
  direction: 'high',
  rule: 'sum',
  ties: 'standard',
  tie_break: 'earliest',
  tiebreak_direction: 'none',
  decimals: 1,
};

const row = (id: string, rank: number | null, total: number | null, entries = 1): Row => ({
  rank,
  total,
  tiebreak: null,
  entries: total === null ? 0 : entries,
  player: { id },
});

const add = (player_id: string, value: number): Op => ({ player_id, kind: 'add', value });
const shown = (rows: Row[]) => rows.map(({ player, rank, total }) => [player.id, rank, total]);
const server = [row('a', 1, 5), row('b', 2, 3), row('c', null, null)];

describe('pending taps over the server rows', () => {
  it('shows the very rows when nothing is pending', () => {
    expect(project(server, [], rules)).toBe(server);
  });

  it('adds exactly and ranks anew; a tie goes behind who was there first', () => {
    const rows = project(server, [add('b', 1.9), add('b', 0.1), add('c', 0)], rules);
    expect(shown(rows)).toEqual([
      ['a', 1, 5],
      ['b', 1, 5],
      ['c', 3, 0],
    ]);
  });

  it('is rebased on a newer snapshot, not merged with the older one', () => {
    const newer = [row('b', 1, 13), row('a', 2, 5), row('c', null, null)];
    expect(shown(project(newer, [add('b', 2)], rules))[0]).toEqual(['b', 1, 15]);
  });

  it('leaves the players who are gone alone', () => {
    expect(shown(project(server, [add('nobody', 9)], rules))).toEqual(shown(server));
  });

  it('sets, and takes a set back to what stood before', () => {
    const set: Op = { player_id: 'a', kind: 'set', value: 1 };
    expect(shown(project(server, [set], rules))[1]).toEqual(['a', 2, 1]);
    const back: Op = { ...set, kind: 'void', before: 5 };
    expect(shown(project(server, [set, back], rules))[0]).toEqual(['a', 1, 5]);
  });

  it('taking back the only entry leaves no score, which is not zero', () => {
    const back: Op = { player_id: 'b', kind: 'void', value: 3 };
    expect(shown(project(server, [back], rules))).toContainEqual(['b', null, null]);
  });

  it('best keeps the better entry, in the direction of the board', () => {
    const best: Rules = { ...rules, rule: 'best', direction: 'low' };
    expect(shown(project(server, [add('a', 9)], best))).toContainEqual(['a', 2, 5]);
    expect(shown(project(server, [add('a', 2)], best))).toContainEqual(['a', 1, 2]);
  });

  it('best compares value and second value as one pair', () => {
    const best: Rules = { ...rules, rule: 'best', tiebreak_direction: 'low' };
    const rows = [{ ...row('a', 1, 5), tiebreak: 30 }];
    const worse = project(rows, [{ ...add('a', 5), tiebreak: 31 }], best);
    const better = project(rows, [{ ...add('a', 5), tiebreak: 29 }], best);
    expect(worse[0]?.tiebreak).toBe(30);
    expect(better[0]?.tiebreak).toBe(29);
  });

  it('sums the second value too', () => {
    const rows = [{ ...row('a', 1, 5), tiebreak: 2 }];
    const [first] = project(rows, [{ ...add('a', 3), tiebreak: -4 }], rules);
    expect(first).toMatchObject({ total: 8, tiebreak: -2, entries: 2 });
  });
});

describe('ranking rows anew', () => {
  it('keeps the order of the server where nothing was touched', () => {
    for (const tie_break of ['earliest', 'latest'] as const) {
      const tied = [row('z', 1, 4), row('a', 2, 4), row('m', 3, 4)];
      const ordinal = { ...rules, ties: 'ordinal' as const, tie_break };
      expect(rerank(tied, [], ordinal).map(({ player }) => player.id)).toEqual(['z', 'a', 'm']);
    }
  });

  it('puts who was touched last behind, or ahead where the latest leads', () => {
    const tied = [row('z', 1, 4), row('a', 2, 4), row('m', 3, 4)];
    const order = (tie_break: 'earliest' | 'latest') =>
      rerank(tied, ['z'], { ...rules, ties: 'ordinal', tie_break }).map(({ player }) => player.id);
    expect(order('earliest')).toEqual(['a', 'm', 'z']);
    expect(order('latest')).toEqual(['z', 'a', 'm']);
  });
});
