/*
 * An event stream that stays: reconnects with backoff from the last revision seen, and renews
 * itself after 45 s of silence, three pings: a phone closes sockets without a word.
 */
import type { Change } from '../api/client';
import { Problem } from '../api/problem';
import { Backoff } from './backoff';

export interface SourceHandlers {
  change(change: Change): void;
  /** The server cannot replay that far back, or lets us listen no more: read everything anew. */
  gap(): void;
  up(): void;
  down(): void;
}

/** Where changes come from: a stream or a poller. */
export interface Source {
  /** The device woke up or came online: try now. */
  wake(): void;
  close(): void;
}

const SILENCE = 45_000;

export class Stream implements Source {
  #source: EventSource | null = null;
  #backoff = new Backoff();
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  /** Counts connections: what belongs to an earlier one comes too late. */
  #attempt = 0;

  constructor(
    /** An address that must be asked for is good for one connection. */
    private readonly address: () => string | Promise<string>,
    private readonly handlers: SourceHandlers,
  ) {
    this.#connect();
  }

  wake(): void {
    this.#backoff.reset();
    this.#connect();
  }

  close(): void {
    this.#backoff.cancel();
    this.#drop();
  }

  #connect(): void {
    this.#drop();
    const address = this.address();
    if (typeof address === 'string') return this.#open(address);
    const attempt = this.#attempt;
    const current = () => attempt === this.#attempt;
    address.then(
      (given) => current() && this.#open(given),
      (cause: unknown) => current() && this.#refused(Problem.of(cause)),
    );
  }

  #refused(problem: Problem): void {
    if (!problem.isPassing) this.handlers.gap();
    this.#lost();
  }

  #open(address: string): void {
    const source = new EventSource(address);
    this.#source = source;
    source.onopen = () => {
      this.#backoff.reset();
      this.#listenForSilence();
      this.handlers.up();
    };
    source.onerror = () => this.#lost();
    source.addEventListener('change', (event) => {
      this.#listenForSilence();
      this.handlers.change(JSON.parse((event as MessageEvent<string>).data) as Change);
    });
    source.addEventListener('snapshot', () => this.handlers.gap());
    source.addEventListener('ping', () => this.#listenForSilence());
    this.#listenForSilence();
  }

  /** The browser's own retry would ask again from the old cursor, so it is not used. */
  #lost(): void {
    this.#drop();
    this.handlers.down();
    this.#backoff.schedule(() => this.#connect());
  }

  #listenForSilence(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#connect(), SILENCE);
  }

  #drop(): void {
    this.#attempt++;
    clearTimeout(this.#watchdog);
    this.#source?.close();
    this.#source = null;
  }
}
