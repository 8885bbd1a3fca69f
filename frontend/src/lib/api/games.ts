import { uuid } from '../uuid';
import { ask, client, ifMatch, type Game, type GamePatch, type NewGame } from './client';

const GAME = '/api/v1/games/{game}';
const at = (game: string) => ({ path: { game } });

export const createGame = (title: string): Promise<Game> =>
  ask(
    client.POST('/api/v1/games', {
      params: { header: { 'Idempotency-Key': uuid() } },
      body: { title },
    }),
  );

export const readGame = (slug: string): Promise<Game> =>
  ask(client.GET(GAME, { params: at(slug) }));

export const updateGame = (game: Game, body: GamePatch): Promise<Game> =>
  ask(
    client.PATCH(GAME, {
      params: { ...at(game.slug), header: { 'If-Match': ifMatch(game) } },
      // A merge patch: only what changes.
      body: body as NewGame,
    }),
  );

export const trashGame = (game: Game): Promise<unknown> =>
  ask(client.DELETE(GAME, { params: { ...at(game.slug), header: { 'If-Match': ifMatch(game) } } }));

export const restoreGame = (slug: string): Promise<Game> =>
  ask(
    client.POST('/api/v1/games/{game}/restore', {
      params: { ...at(slug), header: { 'Idempotency-Key': uuid() } },
    }),
  );
