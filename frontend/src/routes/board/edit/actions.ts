/* What a person can do to the board, and how they hear what came of it. */
import { Problem } from '$lib/api/problem';
import { parseNames } from '$lib/domain/names';
import type { Board } from '$lib/live/board.svelte';
import { Editor } from '$lib/live/editor';
import { RoundEditor } from '$lib/live/round-editor';
import { Scorer } from '$lib/live/scorer';
import { UndoStack, type Step } from '$lib/live/undo.svelte';
import { toasts } from '$ui/toasts.svelte';

export class Actions {
  readonly steps = new UndoStack();
  readonly editor: Editor;
  readonly scorer: Scorer;
  readonly rounds: RoundEditor;

  constructor(private readonly board: Board) {
    this.editor = new Editor(board, this.steps);
    this.scorer = new Scorer(board, this.steps);
    this.rounds = new RoundEditor(board, this.steps);
  }

  /** True when it worked; what went wrong is told. */
  async attempt(action: () => unknown): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (cause) {
      const problem = Problem.of(cause);
      // The link may have ended: then the page must say so.
      if (problem.status === 401) await this.board.refresh();
      toasts.error(problem.status === 412 ? 'Somebody else changed this first.' : problem.message);
      return false;
    }
  }

  async addNames(text: string): Promise<void> {
    const names = parseNames(text);
    if (names.length > 0) await this.attempt(() => this.editor.addPlayers(names));
  }

  async undo(step?: Step): Promise<void> {
    await this.attempt(async () => {
      const undone = await this.steps.undo(step);
      if (undone) toasts.note(`Undone: ${undone.label}`);
    });
  }
}
