/* A round and the results in it. */

interface Result {
  player_id: string;
  voided_at?: string | null;
}

/** A player's live result in a round. */
export function scoreIn<S extends Result>(
  round: { scores: S[] },
  player_id: string,
): S | undefined {
  return round.scores.find((score) => score.player_id === player_id && !score.voided_at);
}
