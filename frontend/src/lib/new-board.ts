/* One click: a board with players on it, ready to be renamed. */
import { createGame } from './api/games';
import { addPlayers } from './api/players';
import { keepKey } from './keys';
import { markFresh } from './fresh';
import { newPlayers } from './new-players';

const TITLE = 'New board';
const NAMES = ['Ana', 'Ben', 'Cleo', 'Dan'];

/** The slug of the new board; its key is kept in this browser. */
export async function createBoard(): Promise<string> {
  const { slug, own_token } = await createGame(TITLE);
  if (own_token) keepKey(slug, own_token, 'own');
  await addPlayers(slug, newPlayers(NAMES));
  markFresh(slug);
  return slug;
}
