/* A round and the results in it. */

interface Result {
  player_id: string;
  voided_at?: string | null;
}

/** A player's live results in a round: one, as a rule. */
export function scoresIn<S extends Result>(round: { scores: S[] }, player_id: string): S[] {
  return round.scores.filter((score) => score.player_id === player_id && !score.voided_at);
}
