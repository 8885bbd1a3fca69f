/*
 * A form on its way: busy, or refused with words that belong to a field or to the whole. What the
 * server says of a field stands at it, so that a page needs no rules of its own.
 */
import { Problem } from './api/problem';

export class Form {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);

  /** `words` says a refusal better than the server, which cannot see the page. */
  constructor(
    private readonly action: () => Promise<void>,
    private readonly words: Record<string, string> = {},
  ) {}

  readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    try {
      await this.action();
      this.problem = null;
    } catch (cause) {
      this.problem = Problem.of(cause);
    } finally {
      this.busy = false;
    }
  };

  /** What is wrong with a field of the request. */
  at(field: string): string | null {
    const said = this.problem?.errors.find(({ pointer }) => pointer === `/${field}`);
    return said ? (this.words[said.code] ?? sentence(said.detail)) : null;
  }

  /** What is wrong, unless it stands at a field. */
  get fault(): string | null {
    if (!this.problem || this.problem.errors.length > 0) return null;
    return this.words[this.problem.code] ?? this.problem.message;
  }
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
