/* Taps: each one an entry of the outbox, each gesture one step that can be taken back. */
import { formatChange, formatDecimal, add } from '../domain/decimal';
import { uuid } from '../uuid';
import type { Board } from './board.svelte';
import type { Entry } from './outbox-store';
import { outbox } from './outbox.svelte';
import type { Step, UndoStack } from './undo.svelte';

interface Gesture {
  player_id: string;
  name: string;
  entries: Entry[];
  step: Step;
}

export interface Mark {
  value: number;
  tiebreak?: number;
}

export class Scorer {
  #gesture: Gesture | null = null;

  constructor(
    private readonly board: Board,
    private readonly undo: UndoStack,
  ) {}

  /** `continues`: the same finger is still down. */
  add(player_id: string, mark: Mark, continues = false): void {
    const name = this.#name(player_id);
    const entry = this.#send(player_id, 'add', mark);
    const held = this.#gesture;
    if (continues && held?.player_id === player_id && held.step === this.undo.last) {
      this.#gesture = this.#gestureOf(player_id, name, [...held.entries, entry]);
      this.undo.replaceLast(this.#gesture.step);
    } else {
      this.#gesture = this.#gestureOf(player_id, name, [entry]);
      this.undo.push(this.#gesture.step);
    }
  }

  set(player_id: string, mark: Mark): void {
    const row = this.board.rows.find(({ player }) => player.id === player_id);
    const entry = this.#send(player_id, 'set', mark);
    const label = `${this.#name(player_id)} set to ${formatDecimal(mark.value, this.#decimals)}`;
    this.undo.push({ label, revert: () => this.#takeBack(entry, row?.total ?? null) });
  }

  get #decimals(): number {
    return this.board.game?.decimals ?? 0;
  }

  #name(player_id: string): string {
    return this.board.rows.find(({ player }) => player.id === player_id)?.player.name ?? '';
  }

  #gestureOf(player_id: string, name: string, entries: Entry[]): Gesture {
    const sum = entries.reduce((total, { value }) => add(total, value, this.#decimals), 0);
    const label = `${name} ${formatChange(sum, this.#decimals)}`;
    const revert = () => [...entries].reverse().forEach((entry) => this.#takeBack(entry));
    return { player_id, name, entries, step: { label, revert } };
  }

  #send(player_id: string, kind: 'add' | 'set', { value, tiebreak }: Mark): Entry {
    const untouched = !this.board.waiting.some((other) => other.player_id === player_id);
    const entry: Entry = {
      slug: this.board.slug,
      client_id: uuid(),
      player_id,
      kind,
      value,
      tiebreak,
      occurred_at: new Date().toISOString(),
      state: 'waiting',
      // Only where no own tap stands between what was seen and what is set.
      base_revision: kind === 'set' && untouched ? this.board.revision : undefined,
    };
    outbox().add(entry);
    return entry;
  }

  #takeBack(entry: Entry, before?: number | null): void {
    outbox().undo(entry, {
      ...entry,
      client_id: uuid(),
      kind: 'void',
      target: entry.client_id,
      occurred_at: new Date().toISOString(),
      before,
    });
  }
}
