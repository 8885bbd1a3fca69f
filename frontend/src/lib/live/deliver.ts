/* How one entry of the outbox is said to the server. */
import { Problem } from '../api/problem';
import { addScore, voidScore } from '../api/scores';
import type { Scored } from '../api/client';
import type { Entry } from './outbox-store';

export async function deliver(entry: Entry): Promise<Scored | null> {
  if (entry.kind === 'void') return takeBack(entry);
  const { player_id, value, kind, client_id, occurred_at, base_revision } = entry;
  const tiebreak = entry.tiebreak ?? undefined;
  const body = { player_id, value, op: kind, tiebreak, client_id, occurred_at, base_revision };
  return addScore(entry.slug, body);
}

async function takeBack(entry: Entry): Promise<null> {
  // The entry to take back was refused or discarded: there is nothing to void.
  if (!entry.score_id) return null;
  try {
    await voidScore(entry.slug, entry.score_id);
  } catch (cause) {
    const done = cause instanceof Problem && cause.code === 'voided';
    if (!done) throw cause;
  }
  return null;
}
