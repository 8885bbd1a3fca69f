/* Logging out on this device. */
import { account } from '$lib/account.svelte';
import { logOut } from '$lib/api/auth';
import { ownBoards } from '$lib/credentials';
import { dropKeys } from '$lib/keys';
import { outbox } from '$lib/live/outbox.svelte';
import { recentBoards } from '$lib/recent.svelte';
import { recall } from '$lib/storage';

/** The longest that scores which still wait may keep a person from leaving, in milliseconds. */
const PATIENCE = 5_000;

/**
 * Whoever sits here next finds none of the person's boards open: they are in the account, so the
 * keys to them may go. What still waits for the server is sent first, as long as there is a right to
 * it. Throws while the server cannot be told, since its session would live on.
 */
export async function leave(): Promise<void> {
  // A browser that cannot read what waits here keeps nobody from leaving either.
  const sent = outbox()
    .flush()
    .catch(() => undefined);
  await Promise.race([sent, new Promise((over) => setTimeout(over, PATIENCE))]);
  await logOut(recall<string>('refresh'));
  for (const slug of ownBoards()) {
    dropKeys(slug);
    recentBoards.remove(slug);
  }
  account.signedOut();
}
