/*
 * The changes of one board, shared by all tabs of the browser: HTTP/1.1 allows six connections to
 * a server, and taps must never queue behind streams. Per board one visible tab leads and the
 * others listen to it; at most two leaders hold a stream, further ones poll; hidden tabs do
 * nothing at all.
 */
import { readEvents, streamAddress, ticketedAddress } from '../api/events';
import type { Change } from '../api/client';
import { hasLocks, hold, takeSlot, waitForSlot } from './locks';
import { Stream, type Source } from './sse';

export type FeedState = 'connecting' | 'live' | 'down';

export interface FeedHandlers {
  cursor(): number;
  needsTicket(): boolean;
  change(change: Change): void;
  gap(): void;
  state(state: FeedState): void;
}

type Message = { change: Change } | { state: FeedState } | { gap: true } | { hello: true };

export class Feed {
  #session: AbortController | null = null;
  #channel: BroadcastChannel | null = null;
  #source: Source | null = null;
  #state: FeedState = 'connecting';
  #leads = false;

  constructor(
    private readonly slug: string,
    private readonly handlers: FeedHandlers,
  ) {
    document.addEventListener('visibilitychange', this.#look);
    addEventListener('online', this.#wake);
    addEventListener('offline', this.#lost);
    addEventListener('pageshow', this.#wake);
    this.#look();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#look);
    removeEventListener('online', this.#wake);
    removeEventListener('offline', this.#lost);
    removeEventListener('pageshow', this.#wake);
    this.#stop();
  }

  #look = (): void => {
    if (document.visibilityState === 'hidden') this.#stop();
    else if (!this.#session) this.#start();
  };

  #wake = (): void => this.#source?.wake();

  /** The device knows before the socket does. */
  #lost = (): void => this.#set('down');

  #start(): void {
    this.#session = new AbortController();
    this.#set('connecting');
    if (!hasLocks()) {
      this.#stream();
      return;
    }
    this.#channel = new BroadcastChannel(`scorehold.board.${this.slug}`);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    this.#say({ hello: true });
    void this.#lead(this.#session.signal);
  }

  #stop(): void {
    this.#session?.abort();
    this.#session = null;
    this.#source?.close();
    this.#source = null;
    this.#channel?.close();
    this.#channel = null;
    this.#leads = false;
  }

  /** Waits to become this board's leader, then for a slot; polls as long as none is free. */
  async #lead(signal: AbortSignal): Promise<void> {
    const lead = await hold(`scorehold.board.${this.slug}`, { signal });
    if (!lead) return;
    signal.addEventListener('abort', lead);
    if (signal.aborted) return lead();
    this.#leads = true;
    let slot = await takeSlot();
    if (!slot && !signal.aborted) {
      await this.#poll(signal);
      slot = await waitForSlot(signal);
    }
    if (!slot) return;
    signal.addEventListener('abort', slot);
    if (signal.aborted) return slot();
    this.#stream();
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { Poller } = await import('./poller');
    if (signal.aborted) return;
    this.#use(new Poller(this.slug, this.handlers.cursor, this.#relay));
  }

  #stream(): void {
    const { cursor, needsTicket } = this.handlers;
    const address = () =>
      needsTicket() ? ticketedAddress(this.slug, cursor) : streamAddress(this.slug, cursor());
    this.#use(new Stream(address, this.#relay));
  }

  #use(source: Source): void {
    this.#source?.close();
    this.#source = source;
  }

  /** What the leader's source says goes to this tab and to its followers. */
  #relay = {
    change: (change: Change) => {
      this.handlers.change(change);
      this.#say({ change });
    },
    gap: () => {
      this.handlers.gap();
      this.#say({ gap: true });
    },
    up: () => this.#set('live'),
    down: () => this.#set('down'),
  };

  #hear(message: Message): void {
    if ('hello' in message) {
      if (this.#leads) this.#say({ state: this.#state });
    } else if (this.#leads) {
      return;
    } else if ('change' in message) {
      this.handlers.change(message.change);
    } else if ('gap' in message) {
      this.handlers.gap();
    } else {
      this.#set(message.state);
      if (message.state === 'live') void this.#catchUp();
    }
  }

  /** What happened before this tab began to listen. */
  async #catchUp(): Promise<void> {
    try {
      const { data } = await readEvents(this.slug, this.handlers.cursor());
      data.forEach((change) => this.handlers.change(change));
    } catch {
      this.handlers.gap();
    }
  }

  #set(state: FeedState): void {
    this.#state = state;
    this.handlers.state(state);
    if (this.#leads) this.#say({ state });
  }

  #say(message: Message): void {
    this.#channel?.postMessage(message);
  }
}
