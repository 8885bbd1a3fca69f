/* Waits that double up to half a minute, spread so that clients do not return all at once. */

const FIRST = 500;
const LONGEST = 30_000;

export class Backoff {
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Runs `retry` later; a pending retry is replaced. */
  schedule(retry: () => void): void {
    const wait = Math.min(LONGEST, FIRST * 2 ** this.#failures++);
    this.cancel();
    this.#timer = setTimeout(retry, wait * (0.5 + Math.random() / 2));
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  reset(): void {
    this.cancel();
    this.#failures = 0;
  }
}
