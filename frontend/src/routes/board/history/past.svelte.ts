/* One moment of a board: chosen by the slider, read from the server, kept while one looks around. */
import { readThen, type Then } from '$lib/api/history';
import { Problem } from '$lib/api/problem';

/** A finger on the slider passes many moments: only where it rests is asked for. */
const REST = 120;
const KEPT = 100;

export class Past {
  /** The moment that is chosen; `null`: now. */
  revision = $state<number | null>(null);
  then = $state.raw<Then | null>(null);
  problem = $state.raw<Problem | null>(null);
  #seen = new Map<number, Then>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly slug: string) {}

  choose(revision: number | null): void {
    clearTimeout(this.#timer);
    this.revision = revision;
    if (revision === null) return;
    const seen = this.#seen.get(revision);
    if (seen) this.#show(seen);
    else this.#timer = setTimeout(() => void this.#read(revision), REST);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #read(revision: number): Promise<void> {
    try {
      const then = await readThen(this.slug, revision);
      if (this.#seen.size >= KEPT) this.#seen.clear();
      this.#seen.set(revision, then);
      if (this.revision === revision) this.#show(then);
    } catch (cause) {
      if (this.revision === revision) this.problem = Problem.of(cause);
    }
  }

  #show(then: Then): void {
    this.then = then;
    this.problem = null;
  }
}
