/*
 * Going on with a session. A refresh token is replaced each time it is used, so the tabs of a browser
 * take turns; one whose answer was lost is honoured once more, so that asking again is always right.
 */
import { refresh } from './api/auth';
import type { SignedIn } from './api/client';
import { Problem } from './api/problem';
import { hasLocks, hold } from './live/locks';
import { recall } from './storage';

/** Null when the server does not know this device any more; throws while it cannot say. */
export async function renewal(): Promise<SignedIn | null> {
  const release = hasLocks() ? await hold('scorehold.renew') : null;
  try {
    return await refresh(recall<string>('refresh'));
  } catch (cause) {
    const problem = Problem.of(cause);
    if ([401, 403].includes(problem.status)) return null;
    // Whatever else it is, it is no fault of the request that waits for the token.
    throw problem.isPassing ? problem : Problem.unreachable(problem);
  } finally {
    release?.();
  }
}
