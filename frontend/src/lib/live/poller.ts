/* The same changes by asking, for boards beyond the two streams that a browser may hold. */
import { readEvents } from '../api/events';
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
    } catch {
      if (!this.#closed) this.handlers.down();
    } finally {
      this.#asking = false;
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#ask(), INTERVAL);
  }
}
