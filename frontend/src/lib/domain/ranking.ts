/*
 * The same ranking as the server's, so that a tap can show its rank before the server answers.
 * Both sides are tested with the server's ranking.vectors.json.
 */

export type Direction = 'high' | 'low';

export interface Rules {
  direction: Direction;
  rule: 'sum' | 'best' | 'latest' | 'average';
  ties: 'standard' | 'dense' | 'ordinal';
  tie_break: 'earliest' | 'latest';
  tiebreak_direction: 'none' | Direction;
  decimals: number;
}

export type OrderRules = Pick<Rules, 'direction' | 'ties' | 'tie_break' | 'tiebreak_direction'>;

export interface Standing {
  id: string;
  total: number | null;
  tiebreak: number | null;
  /** Where in the ledger the present total was reached; the clock is never asked. */
  reached: readonly [revision: number, item: number];
}

export interface Ranked {
  id: string;
  rank: number | null;
}

/** Negative when `a` is better. */
export function compareValues(a: number, b: number, direction: Direction): number {
  return direction === 'high' ? b - a : a - b;
}

function compareTiebreaks(a: Standing, b: Standing, rules: OrderRules): number {
  if (rules.tiebreak_direction === 'none' || a.tiebreak === b.tiebreak) return 0;
  if (a.tiebreak === null) return 1;
  if (b.tiebreak === null) return -1;
  return compareValues(a.tiebreak, b.tiebreak, rules.tiebreak_direction);
}

function compareReached(a: Standing, b: Standing, rules: OrderRules): number {
  const earlier = a.reached[0] - b.reached[0] || a.reached[1] - b.reached[1];
  return rules.tie_break === 'earliest' ? earlier : -earlier;
}

/** Equal for the purpose of sharing a rank. */
function compareScores(a: Standing, b: Standing, rules: OrderRules): number {
  if (a.total === null || b.total === null) {
    return Number(a.total === null) - Number(b.total === null);
  }
  return compareValues(a.total, b.total, rules.direction) || compareTiebreaks(a, b, rules);
}

function byId(a: Standing, b: Standing): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function inOrder(rules: OrderRules) {
  return (a: Standing, b: Standing) =>
    compareScores(a, b, rules) ||
    (a.total === null ? 0 : compareReached(a, b, rules)) ||
    byId(a, b);
}

/** Best first; players without a score come last, in the order of their ids, without a rank. */
export function rank(standings: readonly Standing[], rules: OrderRules): Ranked[] {
  const sorted = [...standings].sort(inOrder(rules));
  let shared = 0;
  return sorted.map((standing, index) => {
    if (standing.total === null) return { id: standing.id, rank: null };
    const above = sorted[index - 1];
    const tied = above !== undefined && compareScores(above, standing, rules) === 0;
    if (rules.ties === 'ordinal') shared = index + 1;
    else if (!tied) shared = rules.ties === 'standard' ? index + 1 : shared + 1;
    return { id: standing.id, rank: shared };
  });
}
