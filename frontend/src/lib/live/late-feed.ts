/*
 * A feed whose code comes late: most of a visit is over before the first change, so it is loaded
 * while the board is read, and again when that failed.
 */
import { Backoff } from './backoff';
import type { Feed, FeedHandlers } from './feed';

const load = () => import('./feed').catch(() => null);

export class LateFeed {
  #feed: Feed | null = null;
  #wanted = false;
  #again = new Backoff();
  #code: ReturnType<typeof load> | null = null;

  get isOpen(): boolean {
    return this.#feed !== null;
  }

  /** Begins to load; what is closed meanwhile never opens. */
  prepare(): void {
    this.#wanted = true;
    this.#code ??= load();
  }

  async open(slug: string, handlers: FeedHandlers): Promise<void> {
    const code = await (this.#code ?? load());
    this.#code = null;
    if (!this.#wanted || this.#feed) return;
    if (code) {
      this.#feed = new code.Feed(slug, handlers);
    } else {
      handlers.state('down');
      this.#again.schedule(() => void this.open(slug, handlers));
    }
  }

  close(): void {
    this.#wanted = false;
    this.#again.cancel();
    this.#feed?.close();
    this.#feed = null;
  }
}
