/* Somebody comes in by an invitation: from the scan to the board. */
import type { Game, Seat } from '$lib/api/client';
import { Problem } from '$lib/api/problem';
import { invitedTo, readSeat, takeSeat } from '$lib/api/seats';
import { PALETTE, type ColourName } from '$lib/domain/colours';
import { ownedHere } from '$lib/credentials';
import { keepKey, keyFor, refuseKey } from '$lib/keys';
import { navigation } from '$lib/navigation.svelte';
import { paths } from '$lib/paths';
import { recall, remember } from '$lib/storage';
import { uuid } from '$lib/uuid';

/** What this browser keeps of an invitation. By its `client_id` a device has one seat. */
interface Invitation {
  token: string;
  client_id: string;
}

export type Phase =
  /** Nothing is known yet. */
  | 'opening'
  | 'asking'
  | 'waiting'
  /** The owner did not let them in, or took the seat back. */
  | 'declined'
  /** The invitation is none, or none any more. */
  | 'ended'
  /** This browser owns the board, and would lose that by joining. */
  | 'owner'
  | 'failed';

/** How often somebody who waits asks, in milliseconds. */
const PACE = 2_000;

export class Joining {
  phase = $state<Phase>('opening');
  game = $state.raw<Game | null>(null);
  seat = $state.raw<Seat | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(readonly slug: string) {
    this.#takeFromAddress();
  }

  get #invitation(): Invitation | null {
    return recall<Invitation>(`invited.${this.slug}`);
  }

  async open(): Promise<void> {
    this.phase = 'opening';
    try {
      if (ownedHere(this.slug)) this.phase = 'owner';
      else if (!(await this.#goOn())) await this.#ask();
    } catch (cause) {
      this.#fail(Problem.of(cause));
    }
  }

  /** The same page was opened by another invitation. */
  arrive(): void {
    if (this.#takeFromAddress()) void this.open();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async join(name: string, colour: ColourName): Promise<void> {
    const invitation = this.#invitation;
    if (!invitation || this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      const { token, client_id } = invitation;
      const body = { name, colour: PALETTE[colour], client_id };
      const seat = await takeSeat(this.slug, token, body);
      keepKey(this.slug, seat.token, 'join');
      this.#sit(seat);
    } catch (cause) {
      this.#refused(Problem.of(cause));
    } finally {
      this.busy = false;
    }
  }

  /** The invitation leaves the address bar at once, as every key does. */
  #takeFromAddress(): boolean {
    const token = new URLSearchParams(location.hash.slice(1)).get('k');
    if (!token?.startsWith('shl_')) return false;
    const before = this.#invitation;
    const client_id = before?.token === token ? before.client_id : uuid();
    remember(`invited.${this.slug}`, { token, client_id });
    history.replaceState(history.state, '', location.pathname + location.search);
    return true;
  }

  /** True for whoever has a seat already. */
  async #goOn(): Promise<boolean> {
    const key = keyFor(this.slug);
    if (!key) return false;
    try {
      const seat = await readSeat(this.slug);
      if (seat) this.#sit(seat);
      return seat !== null;
    } catch (cause) {
      const problem = Problem.of(cause);
      if (problem.status === 401) refuseKey(key);
      else if (problem.status !== 404) throw problem;
      return false;
    }
  }

  async #ask(): Promise<void> {
    const invitation = this.#invitation;
    if (!invitation) {
      this.phase = 'ended';
      return;
    }
    this.game = await invitedTo(this.slug, invitation.token);
    this.phase = 'asking';
  }

  #sit(seat: Seat): void {
    this.seat = seat;
    if (seat.state !== 'waiting') return navigation.go(paths.board(this.slug));
    this.phase = 'waiting';
    this.#timer = setTimeout(() => void this.#look(), PACE);
  }

  async #look(): Promise<void> {
    if (this.#closed) return;
    const key = keyFor(this.slug);
    try {
      const seat = await readSeat(this.slug);
      if (seat && !this.#closed) return this.#sit(seat);
    } catch (cause) {
      const problem = Problem.of(cause);
      if (problem.status === 401 && key) {
        refuseKey(key);
        this.phase = 'declined';
        return;
      }
    }
    // Out of reach for a moment: whoever waits goes on waiting.
    this.#timer = setTimeout(() => void this.#look(), PACE);
  }

  #refused(problem: Problem): void {
    if (problem.status === 401) this.phase = 'ended';
    else this.problem = problem;
  }

  #fail(problem: Problem): void {
    this.problem = problem;
    this.phase = [401, 404].includes(problem.status) ? 'ended' : 'failed';
  }
}
