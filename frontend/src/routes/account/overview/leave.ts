/* Logging out on this device. */
import { account } from '$lib/account.svelte';
import { logOut } from '$lib/api/auth';
import { ownBoards } from '$lib/credentials';
import { dropKeys } from '$lib/keys';
import { recentBoards } from '$lib/recent.svelte';
import { recall } from '$lib/storage';

/**
 * Whoever sits here next finds none of the person's boards open: they are in the account, so the
 * keys to them may go. Throws while the server cannot be told, since its session would live on.
 */
export async function leave(): Promise<void> {
  await logOut(recall<string>('refresh'));
  for (const slug of ownBoards()) {
    dropKeys(slug);
    recentBoards.remove(slug);
  }
  account.signedOut();
}
