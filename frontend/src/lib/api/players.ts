import { uuid } from '../uuid';
import { ask, client, ifMatch, type NewPlayer, type Player, type PlayerPatch } from './client';

const PLAYERS = '/api/v1/games/{game}/players';
const PLAYER = '/api/v1/games/{game}/players/{player}';
const at = (game: string, player: string) => ({ path: { game, player } });

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

const readPlayer = (game: string, player: string): Promise<Player> =>
  ask(client.GET(PLAYER, { params: at(game, player) }));

/** Standings do not carry a player's version, so it is read just before the change. */
export async function updatePlayer(game: string, id: string, body: PlayerPatch): Promise<Player> {
  const header = { 'If-Match': ifMatch(await readPlayer(game, id)) };
  return ask(client.PATCH(PLAYER, { params: { ...at(game, id), header }, body }));
}

export async function trashPlayer(game: string, id: string): Promise<void> {
  const header = { 'If-Match': ifMatch(await readPlayer(game, id)) };
  await ask(client.DELETE(PLAYER, { params: { ...at(game, id), header } }));
}

export const restorePlayer = (game: string, player: string): Promise<Player> =>
  ask(
    client.POST('/api/v1/games/{game}/players/{player}/restore', {
      params: { ...at(game, player), header: { 'Idempotency-Key': uuid() } },
    }),
  );
