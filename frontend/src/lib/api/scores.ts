import { ask, client, type Amendment, type NewScore, type Scored } from './client';

const SCORES = '/api/v1/games/{game}/scores';
const SCORE = '/api/v1/games/{game}/scores/{score}';
const at = (game: string, score: string) => ({ path: { game, score } });

/** Exactly once by the `client_id` of the body, however often it is sent. */
export const addScore = (game: string, body: NewScore): Promise<Scored> =>
  ask(client.POST(SCORES, { params: { path: { game } }, body }));

export const amendScore = (game: string, score: string, body: Amendment): Promise<unknown> =>
  ask(client.PATCH(SCORE, { params: at(game, score), body }));

export const voidScore = (game: string, score: string): Promise<unknown> =>
  ask(client.DELETE(SCORE, { params: at(game, score) }));
