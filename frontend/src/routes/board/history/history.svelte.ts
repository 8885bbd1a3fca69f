/* The history of a board as its page shows it, and going back in it. */
import { readJournal, rewind, undoActor, undoChange, type UndoOf } from '$lib/api/history';
import { listLinks } from '$lib/api/links';
import { trashedPlayers } from '$lib/api/players';
import type { JournalEntry, Link, Undone } from '$lib/api/client';
import { Problem } from '$lib/api/problem';
import { changesOf, type Names, type Part } from '$lib/domain/history';
import type { Board } from '$lib/live/board.svelte';
import { toasts } from '$ui/toasts.svelte';

export class History {
  problem = $state.raw<Problem | null>(null);
  links = $state.raw<Link[]>([]);
  /** Only what this link or account did. */
  actor = $state<string | undefined>();
  busy = $state(false);
  #parts = $state.raw<JournalEntry[] | null>(null);
  #cursor = $state.raw<string | null>(null);
  #gone = $state.raw<Map<string, string>>(new Map());
  #reading = 0;

  changes = $derived(this.#parts && changesOf(this.#parts as Part[]));
  hasMore = $derived(this.#cursor !== null);
  names = $derived.by((): Names => {
    const here = new Map(this.board.rows.map(({ player }) => [player.id, player.name]));
    const links = new Map(this.links.map(({ id, name }) => [id, name]));
    return {
      player: (id) => here.get(id) ?? this.#gone.get(id) ?? 'a player',
      link: (id) => links.get(id) ?? '',
      decimals: this.board.game?.decimals ?? 0,
    };
  });

  constructor(private readonly board: Board) {}

  /** Reads the newest changes; an older reading that comes late is dropped. */
  async load(actor: string | undefined): Promise<void> {
    const reading = ++this.#reading;
    try {
      const [page, links, gone] = await Promise.all([
        readJournal(this.#slug, { actor }),
        this.board.owns ? listLinks(this.#slug) : [],
        trashedPlayers(this.#slug),
      ]);
      if (reading !== this.#reading) return;
      this.actor = actor;
      this.links = links;
      this.#gone = new Map(gone.map(({ id, name }) => [id, name]));
      this.#take(page.data, page.next_cursor);
      this.problem = null;
    } catch (cause) {
      if (reading === this.#reading) this.problem = Problem.of(cause);
    }
  }

  async more(): Promise<void> {
    const cursor = this.#cursor;
    if (!cursor) return;
    const reading = this.#reading;
    await this.#attempt(async () => {
      const page = await readJournal(this.#slug, { actor: this.actor, cursor });
      if (reading === this.#reading) {
        this.#take([...(this.#parts ?? []), ...page.data], page.next_cursor);
      }
    });
  }

  undo(revision: number): Promise<void> {
    return this.#attempt(async () => {
      const undone = await undoChange(this.#slug, revision);
      this.#say(`Change ${revision} is undone`, undone.revision);
    });
  }

  /** What would be undone of one hand, without doing it. */
  async foresee(body: Pick<UndoOf, 'actor' | 'since'>): Promise<Undone | null> {
    let foreseen: Undone | null = null;
    await this.#attempt(async () => {
      foreseen = await undoActor(this.#slug, { ...body, keep_later: true, dry_run: true });
    });
    return foreseen;
  }

  /** What others have changed since stays. */
  undoOf(body: Pick<UndoOf, 'actor' | 'since'>): Promise<void> {
    return this.#attempt(async () => {
      const undone = await undoActor(this.#slug, { ...body, keep_later: true, dry_run: false });
      const count = undone.undid.length;
      if (count > 0)
        this.#say(
          count === 1 ? 'A change is undone' : `${count} changes are undone`,
          undone.revision,
        );
    });
  }

  goBack(revision: number, moment: string): Promise<void> {
    return this.#attempt(async () => {
      const went = await rewind(this.#slug, revision);
      this.#say(`The board is as it was ${moment}`, went.revision);
    });
  }

  get #slug(): string {
    return this.board.slug;
  }

  #take(parts: JournalEntry[], cursor: string | null | undefined): void {
    this.#parts = parts;
    this.#cursor = cursor ?? null;
  }

  #say(text: string, revision: number): void {
    toasts.note(text, { label: 'Undo', run: () => void this.undo(revision) });
    void this.board.refresh();
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await action();
    } catch (cause) {
      const problem = Problem.of(cause);
      toasts.error(problem.message);
      if (problem.status === 401) await this.board.refresh();
    } finally {
      this.busy = false;
    }
  }
}
