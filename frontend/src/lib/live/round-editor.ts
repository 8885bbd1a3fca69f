/* Rounds: a whole round at once, and single results put right afterwards. */
import { addRound, restoreRound, trashRound, updateRound } from '../api/rounds';
import { amendScore, addScore, voidScore } from '../api/scores';
import type { Round, RoundScore } from '../api/client';
import { scoresIn } from '../domain/rounds';
import { uuid } from '../uuid';
import type { Board } from './board.svelte';
import type { UndoStack } from './undo.svelte';

export interface RoundResult {
  player_id: string;
  value: number | null;
  tiebreak?: number | null;
}

export class RoundEditor {
  constructor(
    private readonly board: Board,
    private readonly undo: UndoStack,
  ) {}

  /** `key` belongs to the form: sending it twice adds one round. */
  async add(label: string, results: RoundResult[], key: string): Promise<void> {
    const scores = results.flatMap(({ player_id, value, tiebreak }): RoundScore[] =>
      value === null ? [] : [{ player_id, value, tiebreak: tiebreak ?? undefined }],
    );
    const round = await addRound(this.board.slug, { label, scores }, key);
    await this.board.refresh();
    this.undo.push({
      label: `${round.label} added`,
      revert: () => this.#trash(round),
    });
  }

  async change(round: Round, label: string, results: RoundResult[]): Promise<void> {
    if (label !== round.label) await updateRound(this.board.slug, round, label);
    for (const result of results) await this.#correct(round, result);
    await this.board.refresh();
  }

  async remove(round: Round): Promise<void> {
    await this.#trash(round);
    this.undo.push({
      label: `${round.label} removed`,
      revert: async () => {
        await restoreRound(this.board.slug, round.id);
        await this.board.refresh();
      },
    });
  }

  async #correct(round: Round, { player_id, value, tiebreak = null }: RoundResult): Promise<void> {
    const { slug } = this.board;
    const [score] = scoresIn(round, player_id);
    const same = score?.value === value && (score?.tiebreak ?? null) === tiebreak;
    if (same || (!score && value === null)) return;
    if (score && value === null) await voidScore(slug, score.id);
    else if (score && value !== null) await amendScore(slug, score.id, { value, tiebreak });
    else if (value !== null) {
      const client_id = uuid();
      await addScore(slug, { player_id, value, tiebreak, round_id: round.id, client_id });
    }
  }

  async #trash(round: Round): Promise<void> {
    const current = this.board.rounds?.find(({ id }) => id === round.id) ?? round;
    await trashRound(this.board.slug, current);
    await this.board.refresh();
  }
}
