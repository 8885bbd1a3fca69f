/*
 * The first change paints at once, further ones within the interval are folded into one paint:
 * a busy board moves five times a second, not fifty.
 */
export class Pace {
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly run: () => void,
    private readonly interval = 200,
  ) {}

  soon(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#last + this.interval - performance.now();
    if (wait <= 0) this.now();
    else this.#timer = setTimeout(() => this.now(), wait);
  }

  now(): void {
    this.cancel();
    this.#last = performance.now();
    this.run();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
