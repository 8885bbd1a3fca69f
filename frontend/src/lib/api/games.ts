import { account } from '../account.svelte';
import { uuid } from '../uuid';
import {
  ask,
  client,
  ifMatch,
  type Game,
  type GameList,
  type GamePatch,
  type NewGame,
} from './client';

const GAME = '/api/v1/games/{game}';
const at = (game: string) => ({ path: { game } });

export const createGame = (title: string): Promise<Game> =>
  ask(
    client.POST('/api/v1/games', {
      params: { header: { 'Idempotency-Key': uuid() } },
      body: { title },
    }),
  );

export interface Wanted {
  state: 'live' | 'trashed';
  /** Somewhere in the title. */
  q: string;
}

/** A page of the person's boards, the newest first. */
export const listGames = ({ state, q }: Wanted, cursor?: string): Promise<GameList> =>
  ask(
    client.GET('/api/v1/games', {
      params: { query: { state, q: q || undefined, cursor, limit: 50 } },
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

/** Moves a board that was made without an account to the person's; its links go on working. */
export async function claimGame(slug: string, own_token: string): Promise<Game> {
  const token = await account.bearer();
  return ask(
    client.POST('/api/v1/games/{game}/claim', {
      params: { ...at(slug), header: { 'Idempotency-Key': uuid() } },
      // The person asks; the key is what they show for it.
      headers: { Authorization: `Bearer ${token}` },
      body: { own_token, revoke_links: false },
    }),
  );
}
