/* The server's rows at one revision, and how a change moves them to the next. */
import type { Change, StandingsRow } from '../api/client';
import { rerank } from '../domain/ops';
import type { Rules } from '../domain/ranking';

export interface Snapshot {
  revision: number;
  rows: StandingsRow[];
}

const ENTRIES: Record<string, number> = {
  'score.added': 1,
  'score.voided': -1,
  'score.restored': 1,
};

/**
 * The snapshot after the change, or `null` when the change does not carry enough to know it:
 * then everything is read anew.
 */
export function advance(snapshot: Snapshot, change: Change, rules: Rules): Snapshot | null {
  if (change.revision !== snapshot.revision + 1) return null;
  // Who may do what moves no score; somebody who joins brings a player.
  if ([change, ...change.items].every(({ action }) => action?.startsWith('link.'))) {
    return { ...snapshot, revision: change.revision };
  }
  if (!change.action.startsWith('score.') || change.refetch) return null;
  // A change tells totals; the second value and older places in the order it does not.
  if (rules.tiebreak_direction !== 'none') return null;
  if (rules.ties === 'ordinal' && change.action !== 'score.added') return null;
  const totals = new Map(change.items.map(({ player }) => [player?.id, player]));
  const known = new Set(snapshot.rows.map((row) => row.player.id));
  if ([...totals.keys()].some((id) => id === undefined || !known.has(id))) return null;

  const moved = ENTRIES[change.action] ?? 0;
  const rows = snapshot.rows.map((row) => {
    const player = totals.get(row.player.id);
    return player ? { ...row, total: player.total ?? null, entries: row.entries + moved } : row;
  });
  const touched = change.items.flatMap(({ player }) => (player ? [player.id] : []));
  return { revision: change.revision, rows: rerank(rows, touched, rules) };
}
