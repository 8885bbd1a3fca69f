/* The same changes by asking, for boards beyond the two streams that a browser may hold. */
import { readEvents } from '../api/events';
import { Problem } from '../api/problem';
import type { Source, SourceHandlers } from './sse';

const INTERVAL = 2_000;

export class Poller implements Source {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #asking = false;

  constructor(
    private readonly slug: string,
    private readonly cursor: () => number,
    private readonly handlers: SourceHandlers,
  ) {
    void this.#ask();
  }

  wake(): void {
    void this.#ask();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    clearTimeout(this.#timer);
    this.#asking = true;
    try {
      const { data } = await readEvents(this.slug, this.cursor());
      if (this.#closed) return;
      this.handlers.up();
      data.forEach((change) => this.handlers.change(change));
    } catch (cause) {
      if (this.#closed) return;
      // The key is no longer taken: reading the board anew finds out what is left.
      if (Problem.of(cause).status === 401) this.handlers.gap();
      else this.handlers.down();
    } finally {
      this.#asking = false;
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#ask(), INTERVAL);
  }
}
