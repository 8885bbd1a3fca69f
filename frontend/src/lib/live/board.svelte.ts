/*
 * One board as the page shows it: the server's snapshot with everything pending laid over it.
 * Changes come from the feed, taps from the outbox; a snapshot is never replaced by an older one.
 */
import { readGame } from '../api/games';
import { readStandings, type Standings } from '../api/standings';
import { Problem } from '../api/problem';
import type { Change, Game, Round, Scored, Seat } from '../api/client';
import { project, type Op } from '../domain/ops';
import { account } from '../account.svelte';
import { belongs, credentialFor, learn, type Credential } from '../credentials';
import { Backoff } from './backoff';
import type { FeedState } from './feed';
import { LateFeed } from './late-feed';
import type { Entry } from './outbox-store';
import { outbox } from './outbox.svelte';
import { Pace } from './pace';
import { advance, type Snapshot } from './snapshot';

export type Phase = 'loading' | 'ready' | 'trashed' | 'missing' | 'failed';

/** Answered by the server, not yet part of the snapshot. */
interface Landed {
  op: Op;
  score_id: string | undefined;
  /** Unknown when an entry was taken back: its event will tell. */
  revision: number | null;
}

/** How long changes wait for the answer to an own tap, which they may already contain. */
const DOUBT = 4_000;

const readRounds = async (slug: string): Promise<Round[]> =>
  (await import('../api/rounds')).listRounds(slug);

export class Board {
  phase = $state<Phase>('loading');
  problem = $state.raw<Problem | null>(null);
  game = $state.raw<Game | null>(null);
  rounds = $state.raw<Round[] | null>(null);
  /** The place of whoever came in by an invitation. */
  seat = $state.raw<Seat | null>(null);
  feed = $state<FeedState>('connecting');
  complete = $state(true);
  #snapshot = $state.raw<Snapshot>({ revision: 0, rows: [] });
  #landed = $state.raw<Landed[]>([]);
  #wantsRounds = false;
  #inbox: Change[] = [];
  #pace = new Pace(() => this.#drain());
  #live = new LateFeed();
  #reading: Promise<void> | null = null;
  #readAgain = false;
  #again = new Backoff();
  #doubtSince: number | null = null;
  #stopListening: () => void;

  /** Scores of this board that the server has not answered yet. */
  waiting = $derived.by(() =>
    outbox().entries.filter(({ slug, state }) => slug === this.slug && state !== 'refused'),
  );
  refused = $derived.by(() =>
    outbox().entries.filter(({ slug, state }) => slug === this.slug && state === 'refused'),
  );
  /** Why scores wait, while the server takes none. */
  resting = $derived.by(() => (this.waiting.length > 0 ? outbox().resting : null));
  keyRefused = $derived.by(() => outbox().paused.has(this.slug));
  /** What the link of this browser, or the person, may do here. */
  role = $derived.by(() => {
    if (this.keyRefused) return null;
    return this.game?.my_role ?? (account.unsure && belongs(this.slug) ? 'own' : null);
  });
  owns = $derived(this.role === 'own');
  mayEdit = $derived(this.owns || this.role === 'score');
  rows = $derived.by(() => {
    if (!this.game) return [];
    const pending: Op[] = [...this.#landed.map(({ op }) => op), ...this.waiting];
    return project(this.#snapshot.rows, pending, this.game);
  });

  constructor(readonly slug: string) {
    this.#stopListening = outbox().onSettled((entry, scored) => this.#settled(entry, scored));
  }

  get revision(): number {
    return this.#snapshot.revision;
  }

  async open(): Promise<void> {
    this.phase = 'loading';
    this.#live.prepare();
    await this.#read();
    if (this.#isReady()) await this.#listen();
  }

  close(): void {
    this.#live.close();
    this.#pace.cancel();
    this.#again.cancel();
    this.#stopListening();
  }

  /** Rounds are read only while they are shown; call what it gives when they no longer are. */
  showRounds(): () => void {
    this.#wantsRounds = true;
    void this.refresh();
    return () => (this.#wantsRounds = false);
  }

  /** An answer to an own change of the board itself. */
  changed(game: Game, by = credentialFor(this.slug)): void {
    if (game.revision < (this.game?.revision ?? 0)) return;
    this.game = game;
    learn(this.slug, by, game.my_role);
  }

  /** Another key is kept for this board, or another person is logged in: what waits may go. */
  newKey(): Promise<void> {
    outbox().resume(this.slug);
    return this.#live.isOpen ? this.refresh() : this.open();
  }

  /** Reads everything anew; calls meanwhile lead to one more reading. */
  refresh(): Promise<void> {
    if (this.#reading) {
      this.#readAgain = true;
      return this.#reading;
    }
    this.#reading = this.#readUntilCurrent().finally(() => (this.#reading = null));
    return this.#reading;
  }

  trashed(): void {
    this.phase = 'trashed';
    this.#live.close();
  }

  #isReady(): boolean {
    return this.phase === 'ready';
  }

  async #readUntilCurrent(): Promise<void> {
    do {
      this.#readAgain = false;
      await this.#read();
    } while (this.#readAgain && this.#isReady());
  }

  async #read(): Promise<void> {
    const landed = this.#landed;
    const by = credentialFor(this.slug);
    try {
      const [game, standings, rounds] = await Promise.all([
        this.#readGame(),
        readStandings(this.slug),
        this.#wantsRounds ? readRounds(this.slug) : this.rounds,
      ]);
      this.rounds = rounds;
      this.changed(game, by);
      this.#accept(standings, landed);
    } catch (cause) {
      await this.#cannotRead(Problem.of(cause), by);
    }
  }

  /** The board, and the seat of whoever came in by an invitation. */
  async #readGame(): Promise<Game> {
    const game = await readGame(this.slug);
    const seated = game.my_role === 'join';
    this.seat = seated ? await (await import('../api/seats')).readSeat(this.slug) : null;
    return game;
  }

  #accept(standings: Standings, landed: Landed[]): void {
    this.phase = 'ready';
    this.problem = null;
    this.#again.reset();
    if (standings.revision < this.revision) return;
    this.complete = standings.complete;
    // Whatever had landed before this reading began is in it.
    this.#landed = this.#landed.filter((item) => !landed.includes(item));
    this.#move({ revision: standings.revision, rows: standings.rows });
  }

  async #cannotRead(problem: Problem, by: Credential | null): Promise<void> {
    if (problem.status === 401 && by) {
      outbox().refused(this.slug, by);
      return this.#read();
    }
    if (problem.code === 'trashed') return this.trashed();
    if (problem.status === 404 && !account.unsure) {
      this.phase = 'missing';
      this.#live.close();
    } else if (this.phase === 'loading') this.phase = 'failed';
    else this.#readSoon();
    this.problem = problem;
  }

  #listen(): Promise<void> {
    return this.#live.open(this.slug, {
      cursor: () => Math.max(this.revision, ...this.#inbox.map(({ revision }) => revision)),
      needsTicket: () => this.#needsTicket(),
      change: (change) => this.#receive(change),
      gap: () => void this.refresh(),
      state: (state) => {
        this.feed = state;
        if (state === 'live') void outbox().flush();
      },
    });
  }

  /** A stream of a private board asks who listens; that of a person ends when they are logged out. */
  #needsTicket(): boolean {
    const by = credentialFor(this.slug);
    return this.game?.visibility === 'private' || (by !== null && 'person' in by && this.owns);
  }

  #receive(change: Change): void {
    if (change.revision <= this.revision) return;
    this.#inbox.push(change);
    this.#pace.soon();
    if (change.action.startsWith('link.')) void this.#readRole();
  }

  /** A link was made, changed or revoked: perhaps the one by which this browser is here. */
  async #readRole(): Promise<void> {
    const by = credentialFor(this.slug);
    if (!by) return;
    try {
      this.changed(await this.#readGame(), by);
    } catch (cause) {
      await this.#cannotRead(Problem.of(cause), by);
    }
  }

  /**
   * While an own tap is under way nobody knows whether a change already contains it, so changes
   * wait for the answer: otherwise the tap would show twice for a moment.
   */
  #drain(): void {
    if (this.#inDoubt()) return;
    const changes = this.#inbox.sort((a, b) => a.revision - b.revision);
    this.#inbox = [];
    for (const change of changes) {
      if (change.revision <= this.revision) continue;
      const next = this.game && advance(this.#snapshot, change, this.game);
      if (!next) {
        void this.refresh();
        return;
      }
      const scores = change.items.map(({ entity }) => entity);
      this.#landed = this.#landed.filter(({ score_id }) => !score_id || !scores.includes(score_id));
      this.#move(next);
    }
    if (changes.length > 0 && this.#wantsRounds) void this.refresh();
  }

  #inDoubt(): boolean {
    if (!this.waiting.some(({ state }) => state === 'sent')) {
      this.#doubtSince = null;
      return false;
    }
    this.#doubtSince ??= performance.now();
    const doubting = performance.now() - this.#doubtSince < DOUBT;
    if (doubting) this.#pace.soon();
    return doubting;
  }

  #move(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#landed = this.#landed.filter(
      ({ revision }) => revision === null || revision > snapshot.revision,
    );
  }

  #settled(entry: Entry, scored: Scored | null): void {
    if (entry.slug !== this.slug || this.phase !== 'ready') return;
    const revision = scored?.score.revision ?? null;
    const score_id = scored?.score.id ?? entry.score_id;
    const nothingToVoid = entry.kind === 'void' && !score_id;
    if (!nothingToVoid && (revision === null || revision > this.revision)) {
      this.#landed = [...this.#landed, { op: entry, score_id, revision }];
    }
    if (scored && revision === this.revision + 1) {
      const action = 'score.added';
      const items = [{ action, entity: scored.score.id, player: scored.player }];
      this.#inbox.push({
        revision,
        action: 'score.added',
        items,
        actor: scored.score.actor,
        at: '',
      });
    }
    queueMicrotask(() => this.#pace.now());
    if (this.#landed.length > 0) this.#readSoon();
  }

  /** The feed should bring what has landed; if it is down, ask. */
  #readSoon(): void {
    this.#again.schedule(() => {
      if (this.#landed.length > 0 || this.problem) void this.refresh();
    });
  }
}
