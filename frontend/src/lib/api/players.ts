import { uuid } from '../uuid';
import { ask, client, ifMatch, type NewPlayer, type Player, type PlayerPatch } from './client';

const PLAYERS = '/api/v1/games/{game}/players';
const PLAYER = '/api/v1/games/{game}/players/{player}';
const at = (game: string, player: string) => ({ path: { game, player } });

/** A player as somebody last saw them. */
export type Known = Pick<Player, 'id' | 'version'>;

export interface PlayersAdded {
  data: Player[];
  revision: number;
}

export async function addPlayers(game: string, players: NewPlayer[]): Promise<PlayersAdded> {
  const added = await ask(
    client.POST(PLAYERS, {
      params: { path: { game }, header: { 'Idempotency-Key': uuid() } },
      body: { players },
    }),
  );
  // A list is answered by a list.
  return added as PlayersAdded;
}

export const updatePlayer = (game: string, player: Known, body: PlayerPatch): Promise<Player> =>
  ask(
    client.PATCH(PLAYER, {
      params: { ...at(game, player.id), header: { 'If-Match': ifMatch(player) } },
      // A merge patch: only what changes.
      body: body as NewPlayer,
    }),
  );

export const trashPlayer = (game: string, player: Known): Promise<unknown> =>
  ask(
    client.DELETE(PLAYER, {
      params: { ...at(game, player.id), header: { 'If-Match': ifMatch(player) } },
    }),
  );

export const restorePlayer = (game: string, player: Known): Promise<Player> =>
  ask(
    client.POST('/api/v1/games/{game}/players/{player}/restore', {
      params: { ...at(game, player.id), header: { 'Idempotency-Key': uuid() } },
    }),
  );

/** Those in the trash, whose names the history still tells. */
export async function trashedPlayers(game: string): Promise<Player[]> {
  const query = { state: 'trashed', limit: 1000 } as const;
  return (await ask(client.GET(PLAYERS, { params: { path: { game }, query } }))).data;
}
