/* What can be taken back, newest last. */

export interface Step {
  label: string;
  revert(): void | Promise<void>;
}

const MOST = 100;

export class UndoStack {
  #steps = $state.raw<Step[]>([]);

  get last(): Step | undefined {
    return this.#steps.at(-1);
  }

  push(step: Step): void {
    this.#steps = [...this.#steps, step].slice(-MOST);
  }

  /** The same gesture goes on: its step grows instead of a new one. */
  replaceLast(step: Step): void {
    this.#steps = [...this.#steps.slice(0, -1), step];
  }

  /** The step that was taken back; it returns to the stack when that fails. */
  async undo(step = this.last): Promise<Step | undefined> {
    if (!step || !this.#steps.includes(step)) return undefined;
    this.#steps = this.#steps.filter((other) => other !== step);
    try {
      await step.revert();
    } catch (cause) {
      this.push(step);
      throw cause;
    }
    return step;
  }
}
