/* Web Locks with an explicit release. Plain http on a home network has no locks at all. */

export type Release = () => void;

export const hasLocks = (): boolean => 'locks' in navigator;

/** `null` when `ifAvailable` is asked for and somebody holds it, or when the signal gives up. */
export function hold(name: string, options: LockOptions = {}): Promise<Release | null> {
  return new Promise((resolve) => {
    navigator.locks
      .request(name, options, (lock) => {
        if (!lock || options.signal?.aborted) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      })
      // Aborted while waiting.
      .catch(() => resolve(null));
  });
}

const SLOTS = ['scorehold.stream.1', 'scorehold.stream.2'];

/** One of the browser's two stream slots, if one is free right now. */
export async function takeSlot(): Promise<Release | null> {
  for (const slot of SLOTS) {
    const release = await hold(slot, { ifAvailable: true });
    if (release) return release;
  }
  return null;
}

/** Waits for whichever slot is free first. */
export async function waitForSlot(signal: AbortSignal): Promise<Release | null> {
  const first = new AbortController();
  const either = AbortSignal.any([signal, first.signal]);
  const release = await Promise.race(SLOTS.map((slot) => hold(slot, { signal: either })));
  first.abort();
  return release;
}
