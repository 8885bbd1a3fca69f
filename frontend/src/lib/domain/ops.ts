/*
 * What a person did and the server has not confirmed yet, laid over the server's rows.
 * Always computed anew from the last snapshot: rebased, never merged.
 */
import { add, negate } from './decimal';
import { compareValues, rank, type Rules, type Standing } from './ranking';

export interface Row {
  rank: number | null;
  total: number | null;
  tiebreak: number | null;
  entries: number;
  player: { id: string };
}

export interface Op {
  player_id: string;
  /** `void` takes an earlier entry back. */
  kind: 'add' | 'set' | 'void';
  value: number;
  tiebreak?: number | null;
  /** The total before the entry that is taken back, where subtraction does not give it. */
  before?: number | null;
}

type Values = Pick<Row, 'total' | 'tiebreak' | 'entries'>;

function isBetter(op: Op, row: Values, rules: Rules): boolean {
  if (row.total === null) return true;
  const byTotal = compareValues(op.value, row.total, rules.direction);
  if (byTotal !== 0 || rules.tiebreak_direction === 'none') return byTotal < 0;
  if (op.tiebreak == null || row.tiebreak === null) return row.tiebreak === null;
  return compareValues(op.tiebreak, row.tiebreak, rules.tiebreak_direction) < 0;
}

function added(row: Values, op: Op, rules: Rules): Values {
  const entries = row.entries + 1;
  const replaced = { total: op.value, tiebreak: op.tiebreak ?? null, entries };
  if (rules.rule === 'best') return isBetter(op, row, rules) ? replaced : { ...row, entries };
  if (rules.rule === 'latest') return replaced;
  // The mean needs every entry: it is left to the server.
  if (rules.rule === 'average') return { ...row, entries };
  const total = add(row.total ?? 0, op.value, rules.decimals);
  const tiebreak =
    op.tiebreak == null ? row.tiebreak : add(row.tiebreak ?? 0, op.tiebreak, rules.decimals);
  return { total, tiebreak, entries };
}

function voided(row: Values, op: Op, rules: Rules): Values {
  const entries = row.entries - 1;
  if (entries <= 0) return { total: null, tiebreak: null, entries: 0 };
  if (op.before !== undefined) return { ...row, total: op.before, entries };
  if (rules.rule !== 'sum' || row.total === null) return { ...row, entries };
  return { ...row, total: add(row.total, negate(op.value), rules.decimals), entries };
}

function apply(row: Values, op: Op, rules: Rules): Values {
  if (op.kind === 'add') return added(row, op, rules);
  if (op.kind === 'void') return voided(row, op, rules);
  return { total: op.value, tiebreak: op.tiebreak ?? row.tiebreak, entries: row.entries + 1 };
}

/**
 * Ranks rows anew. The server's order holds among rows it has settled; a touched row has reached
 * its total later than all of them, in the order of the touches.
 */
export function rerank<R extends Row>(rows: R[], touched: string[], rules: Rules): R[] {
  const byId = new Map(rows.map((row) => [row.player.id, row]));
  // Under "latest" the server lists the latest first, so its order counts down.
  const settled = (index: number) => (rules.tie_break === 'earliest' ? index : -index);
  const standings: Standing[] = rows.map(({ player, total, tiebreak }, index) => ({
    id: player.id,
    total,
    tiebreak,
    reached: [touched.lastIndexOf(player.id) + 1, settled(index)],
  }));
  return rank(standings, rules).map(({ id, rank: place }) => {
    const row = byId.get(id) as R;
    return row.rank === place ? row : { ...row, rank: place };
  });
}

export function project<R extends Row>(rows: R[], ops: readonly Op[], rules: Rules): R[] {
  if (ops.length === 0) return rows;
  const byId = new Map(rows.map((row) => [row.player.id, row]));
  for (const op of ops) {
    const row = byId.get(op.player_id);
    if (row) byId.set(op.player_id, { ...row, ...apply(row, op, rules) });
  }
  const changed = rows.map((row) => byId.get(row.player.id) as R);
  return rerank(
    changed,
    ops.map((op) => op.player_id),
    rules,
  );
}
