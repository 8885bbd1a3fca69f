/* localStorage that never throws: a browser may refuse it, and the app goes on without memory. */

const PREFIX = 'scorehold.';

export function recall<T>(name: string): T | null {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or forbidden: the value lives as long as the page.
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Nothing was kept.
  }
}

/** Asks the browser not to evict what is the only copy of a board's key. */
export function keepForGood(): void {
  void navigator.storage?.persist?.();
}
