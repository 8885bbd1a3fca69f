/* The boards of an account as its page shows them: one shelf, one search, page by page. */
import type { Game } from '$lib/api/client';
import { listGames, restoreGame, trashGame, type Wanted } from '$lib/api/games';
import { Problem } from '$lib/api/problem';
import { credentialFor, learn, refuse } from '$lib/credentials';
import { account } from '$lib/account.svelte';
import { keyFor } from '$lib/keys';

const PAUSE = 250;

export class Boards {
  list = $state.raw<Game[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  more = $state<string | null>(null);
  wanted = $state.raw<Wanted>({ state: 'live', q: '' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts questions: an answer to an earlier one comes too late. */
  #asked = 0;
  /** Boards on their way to the other shelf: whoever looks meanwhile finds them on neither. */
  #moves = new Set<Promise<void>>();

  show(state: Wanted['state']): void {
    this.wanted = { ...this.wanted, state };
    this.list = null;
    void this.load();
  }

  /** While one types nothing is asked. */
  search(q: string): void {
    this.wanted = { ...this.wanted, q: q.trim() };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), PAUSE);
  }

  async load(cursor?: string): Promise<void> {
    const asked = ++this.#asked;
    await Promise.allSettled(this.#moves);
    try {
      const { data, next_cursor } = await listGames(this.wanted, cursor);
      if (asked !== this.#asked) return;
      data.forEach(know);
      this.list = cursor ? [...(this.list ?? []), ...data] : data;
      this.more = next_cursor ?? null;
      this.problem = null;
    } catch (cause) {
      if (asked === this.#asked) this.problem = Problem.of(cause);
    }
  }

  trash(game: Game): Promise<void> {
    return this.#move(game, () => trashGame(game));
  }

  restore(game: Game): Promise<void> {
    return this.#move(game, () => restoreGame(game.slug));
  }

  async #move(game: Game, action: () => Promise<unknown>): Promise<void> {
    const move = asOwner(game.slug, action).then(() => this.#drop(game));
    this.#moves.add(move);
    await move.finally(() => this.#moves.delete(move));
  }

  #drop({ slug }: Game): void {
    this.list = this.list?.filter((game) => game.slug !== slug) ?? null;
  }
}

/** Where a key is kept here that owns less, the account is what counts from now on. */
function know({ slug, my_role }: Game): void {
  if (account.person && keyFor(slug)) learn(slug, { person: account.person.id }, my_role);
}

/** The key of a board may have ended where its account goes on. */
async function asOwner<T>(slug: string, action: () => Promise<T>): Promise<T> {
  const by = credentialFor(slug);
  try {
    return await action();
  } catch (cause) {
    if (Problem.of(cause).status !== 401 || !by || 'person' in by) throw cause;
    refuse(by);
    return action();
  }
}
