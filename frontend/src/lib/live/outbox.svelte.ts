/*
 * Taps on their way to the server. An entry is shown at once, kept in IndexedDB, sent in order
 * under a lock that all tabs share, and leaves only when the server has answered for it. What
 * the server refuses stays visible until a person decides.
 */
import { credentialFor, refuse, type Credential } from '../credentials';
import { Problem } from '../api/problem';
import type { Scored } from '../api/client';
import { Backoff } from './backoff';
import type { deliver } from './deliver';
import { hasLocks, hold } from './locks';
import type { Entry, Store } from './outbox-store';

export type Listener = (entry: Entry, scored: Scored | null) => void;
type Message = { put: Entry } | { gone: string; ack?: { entry: Entry; scored: Scored | null } };

export interface Means {
  store: Store;
  deliver: typeof deliver;
}

/** A page is painted before its database is opened. */
async function loadMeans(): Promise<Means> {
  const [{ openStore }, { deliver }] = await Promise.all([
    import('./outbox-store'),
    import('./deliver'),
  ]);
  return { store: await openStore(), deliver };
}

export class Outbox {
  /** Everything not settled yet, of all boards, in order. */
  entries = $state.raw<Entry[]>([]);
  /** Boards that the server lets nobody of here change: their entries wait for a key or a log-in. */
  paused = $state.raw<ReadonlySet<string>>(new Set());
  /** What the server says while it takes no changes; entries wait until it does. */
  resting = $state.raw<string | null>(null);

  #channel: BroadcastChannel;
  #listeners = new Set<Listener>();
  #backoff = new Backoff();
  #running: Promise<void> | null = null;
  #loaded: Promise<void>;
  /** Scores of this session by the tap that made them. */
  #scores = new Map<string, string>();
  /** Taken back before they were sent; another tab may have sent them all the same. */
  #withdrawn = new Map<string, Entry>();

  /** `name` is what tabs share: their channel and their lock. */
  constructor(
    private readonly means = loadMeans(),
    private readonly name = 'scorehold.outbox',
  ) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    addEventListener('online', () => void this.flush());
    document.addEventListener('visibilitychange', () => void this.flush());
    this.#loaded = this.#load();
  }

  onSettled(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(entry: Omit<Entry, 'state'>): void {
    const waiting = { ...entry, state: 'waiting' as const };
    this.#tell(waiting);
    void this.means.then(({ store }) => store.add(waiting));
    void this.flush();
  }

  /** Takes a tap back: out of the queue when it is still here, else by a further entry. */
  undo(entry: Entry, voiding: Omit<Entry, 'state'>): void {
    const here = this.entries.find((other) => other.client_id === entry.client_id);
    if (here?.state !== 'waiting') {
      this.add({ ...voiding, score_id: this.#scores.get(entry.client_id) });
      return;
    }
    this.#withdrawn.set(entry.client_id, { ...voiding, state: 'waiting' });
    this.#remove(entry.client_id);
  }

  retry(entry: Entry): void {
    // The person has seen the newer score and insists.
    this.#put({ ...entry, state: 'waiting', refusal: undefined, base_revision: undefined });
    void this.flush();
  }

  discard(entry: Entry): void {
    this.#remove(entry.client_id);
  }

  /** The server no longer takes it; without another one the board's entries wait. */
  refused(slug: string, credential: Credential | null): void {
    refuse(credential);
    if (!credentialFor(slug)) this.paused = new Set([...this.paused, slug]);
  }

  /** A new key arrived, or somebody logged in, which may concern every board. */
  resume(slug?: string): void {
    const stays = (other: string) => (slug && other !== slug) || !credentialFor(other);
    this.paused = new Set([...this.paused].filter(stays));
    void this.flush();
  }

  /** Resolves when nothing is left that can be sent, or the server takes nothing now. */
  async flush(): Promise<void> {
    // What an earlier visit left comes first.
    await this.#loaded;
    if (navigator.onLine && this.#next()) await (this.#running ??= this.#run());
  }

  async #load(): Promise<void> {
    const kept = await (await this.means).store.all();
    const here = this.entries.map((entry) => entry.client_id);
    const known = new Set([...here, ...this.#withdrawn.keys()]);
    const waiting = kept
      .filter((entry) => !known.has(entry.client_id))
      .map((entry) => (entry.state === 'sent' ? { ...entry, state: 'waiting' as const } : entry));
    this.entries = [...waiting, ...this.entries];
    if (waiting.length > 0) void this.flush();
  }

  async #run(): Promise<void> {
    this.#backoff.cancel();
    const release = hasLocks() ? await hold(this.name) : null;
    let entry = this.#next();
    while (entry && (await this.#send(entry))) entry = this.#next();
    release?.();
    this.#running = null;
    if (this.#next()) this.#backoff.schedule(() => void this.flush());
  }

  #next(): Entry | undefined {
    return this.entries.find((entry) => entry.state !== 'refused' && !this.paused.has(entry.slug));
  }

  /** False when sending must pause. */
  async #send(entry: Entry): Promise<boolean> {
    const sent = { ...entry, state: 'sent' as const };
    const by = credentialFor(entry.slug);
    this.#put(sent);
    try {
      const { deliver } = await this.means;
      this.#settle(sent, await deliver(sent));
      this.#backoff.reset();
      this.resting = null;
      return true;
    } catch (cause) {
      return this.#fail(sent, Problem.of(cause), by);
    }
  }

  #fail(entry: Entry, problem: Problem, by: Credential | null): boolean {
    if (problem.code === 'maintenance') this.resting = problem.message;
    if (problem.isPassing) return false;
    if (problem.status === 401) {
      this.refused(entry.slug, by);
      this.#put({ ...entry, state: 'waiting' });
      return true;
    }
    const refusal = { code: problem.code, message: problem.message };
    this.#put({ ...entry, state: 'refused', refusal });
    return true;
  }

  #settle(entry: Entry, scored: Scored | null): void {
    this.#acknowledged(entry, scored);
    this.#remove(entry.client_id, { entry, scored });
  }

  #acknowledged(entry: Entry, scored: Scored | null): void {
    if (scored) this.#learn(entry.client_id, scored.score.id);
    this.#listeners.forEach((listener) => listener(entry, scored));
    const voiding = this.#withdrawn.get(entry.client_id);
    if (!voiding || !scored) return;
    this.#withdrawn.delete(entry.client_id);
    this.add({ ...voiding, score_id: scored.score.id });
  }

  /** Now an entry that waits to take this score back knows which it is, also after a reload. */
  #learn(client_id: string, score_id: string): void {
    this.#scores.set(client_id, score_id);
    const voiding = this.entries.find((entry) => entry.target === client_id);
    if (voiding) this.#put({ ...voiding, score_id });
  }

  #put(entry: Entry): void {
    this.#tell(entry);
    void this.means.then(({ store }) => store.put(entry));
  }

  #tell(entry: Entry): void {
    this.#show(entry);
    this.#channel.postMessage({ put: entry } satisfies Message);
  }

  #remove(client_id: string, ack?: { entry: Entry; scored: Scored | null }): void {
    this.#hide(client_id);
    void this.means.then(({ store }) => store.remove(client_id));
    this.#channel.postMessage({ gone: client_id, ack } satisfies Message);
  }

  #hear(message: Message): void {
    if ('put' in message) return this.#show(message.put);
    if (message.ack) this.#acknowledged(message.ack.entry, message.ack.scored);
    this.#hide(message.gone);
  }

  #show(entry: Entry): void {
    const index = this.entries.findIndex((other) => other.client_id === entry.client_id);
    this.entries = index < 0 ? [...this.entries, entry] : this.entries.with(index, entry);
  }

  #hide(client_id: string): void {
    this.entries = this.entries.filter((entry) => entry.client_id !== client_id);
  }
}

let shared: Outbox | undefined;

/** One per tab. */
export const outbox = (): Outbox => (shared ??= new Outbox());
