/* One visit to a board: what is open and, for those who may edit, the tools to do so. */
import type { Round, StandingsRow } from '$lib/api/client';
import { takeKeyFromAddress } from '$lib/keys';
import { Board } from '$lib/live/board.svelte';
import { outbox } from '$lib/live/outbox.svelte';

export type Panel =
  | { is: 'score'; player: string }
  | { is: 'player'; player: string }
  | { is: 'round'; round: Round | null }
  | { is: 'settings' }
  | { is: 'keep' }
  | { is: 'refused' };

/** The code of the tools: most people watch, and never load it. */
type Tools = typeof import('./edit');

export interface Editing {
  tools: Tools;
  actions: InstanceType<Tools['Actions']>;
}

export class Session {
  readonly board: Board;
  panel = $state.raw<Panel | null>(null);
  #loaded = $state.raw<Editing | null>(null);
  #chosen = $state<string | null>(null);

  /** Whom this browser plays. */
  me = $derived.by(() => {
    const { role, seat } = this.board;
    return role === 'join' && seat?.state === 'joined' ? seat.player?.id : undefined;
  });
  mayTouch = $derived.by(() => this.board.mayEdit || this.me);
  /** Present while this browser may edit, if only its own player. */
  editing = $derived.by(() => (this.mayTouch ? this.#loaded : null));

  /** Somebody is always ready to score; who plays is ready to score for themselves. */
  selected = $derived.by((): StandingsRow | null => {
    const { rows } = this.board;
    if (this.me) return this.row(this.me);
    return rows.find(({ player }) => player.id === this.#chosen) ?? rows[0] ?? null;
  });

  constructor(slug: string) {
    if (takeKeyFromAddress(slug)) outbox().resume(slug);
    this.board = new Board(slug);
  }

  async loadTools(): Promise<void> {
    const tools = await import('./edit');
    this.#loaded ??= { tools, actions: new tools.Actions(this.board) };
  }

  /** A link of this board was opened over it, or kept by another tab. */
  arrive(elsewhere = false): void {
    if (takeKeyFromAddress(this.board.slug) || elsewhere) void this.board.newKey();
  }

  select(player: string): void {
    this.#chosen = player;
  }

  /** While nobody is chosen the first row is: it must not change hands under the thumb. */
  settle(): void {
    this.#chosen ??= this.selected?.player.id ?? null;
  }

  row(player: string): StandingsRow | null {
    return this.board.rows.find((row) => row.player.id === player) ?? null;
  }
}
