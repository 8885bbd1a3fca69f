/*
 * Where the right to a board is kept beside this browser. The commonest loss is a lost key, so a
 * board that nobody has saved yet says so until its owner has done something about it.
 */
import { account } from './account.svelte';
import { claimGame } from './api/games';
import { learn } from './credentials';
import { keyFor } from './keys';

/** Moves the board to the account of the person who is logged in. */
export async function saveToAccount(slug: string): Promise<void> {
  const key = keyFor(slug);
  if (!key || !account.person) throw new Error('There is nothing to save here.');
  const game = await claimGame(slug, key);
  learn(slug, { person: account.person.id }, game.my_role);
}
