/* One message at a time, where the thumb is; it leaves by itself. */

export interface Toast {
  text: string;
  kind: 'note' | 'error';
  action?: { label: string; run: () => void };
}

const SHOWN = 6_000;

class Toasts {
  current = $state.raw<Toast | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(toast: Toast): void {
    this.current = toast;
    this.resume();
  }

  note(text: string, action?: Toast['action']): void {
    this.show({ text, kind: 'note', action });
  }

  error(text: string, action?: Toast['action']): void {
    this.show({ text, kind: 'error', action });
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.current = null;
  }

  /** Nobody loses a message while reaching for it. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.current = null), SHOWN);
  }
}

export const toasts = new Toasts();
