import { uuid } from '../uuid';
import { ask, client, ifMatch, type NewRound, type Round } from './client';

const ROUNDS = '/api/v1/games/{game}/rounds';
const ROUND = '/api/v1/games/{game}/rounds/{round}';
const at = (game: string, round: string) => ({ path: { game, round } });

export async function listRounds(game: string): Promise<Round[]> {
  const rounds: Round[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 100, cursor };
    const page = await ask(client.GET(ROUNDS, { params: { path: { game }, query } }));
    rounds.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return rounds.sort((a, b) => a.number - b.number);
}

/** The caller names the key, so that sending the same form again adds nothing. */
export const addRound = (game: string, body: NewRound, key: string): Promise<Round> =>
  ask(
    client.POST(ROUNDS, { params: { path: { game }, header: { 'Idempotency-Key': key } }, body }),
  );

export const updateRound = (game: string, round: Round, label: string): Promise<Round> =>
  ask(
    client.PATCH(ROUND, {
      params: { ...at(game, round.id), header: { 'If-Match': ifMatch(round) } },
      body: { label },
    }),
  );

export const trashRound = (game: string, round: Round): Promise<unknown> =>
  ask(
    client.DELETE(ROUND, {
      params: { ...at(game, round.id), header: { 'If-Match': ifMatch(round) } },
    }),
  );

export const restoreRound = (game: string, round: string): Promise<Round> =>
  ask(
    client.POST('/api/v1/games/{game}/rounds/{round}/restore', {
      params: { ...at(game, round), header: { 'Idempotency-Key': uuid() } },
    }),
  );
