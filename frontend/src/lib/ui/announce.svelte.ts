/* One polite live region for the whole app: a summary, never every tick. */
import { Pace } from '../live/pace';

class Announcer {
  text = $state('');
  #next = '';
  #pace = new Pace(() => (this.text = this.#next), 3_000);

  say(text: string): void {
    this.#next = text;
    this.#pace.soon();
  }
}

export const announcer = new Announcer();
