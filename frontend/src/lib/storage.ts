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

/** The ends of all names that begin so. */
export function namesUnder(start: string): string[] {
  try {
    const begins = PREFIX + start;
    const names = Object.keys(localStorage).filter((name) => name.startsWith(begins));
    return names.map((name) => name.slice(begins.length));
  } catch {
    return [];
  }
}

/** Calls when another tab remembers or forgets the name. */
export function watch(name: string, changed: () => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === null || key === PREFIX + name) changed();
  });
}

/** Asks the browser not to evict what is the only copy of a board's key. */
export function keepForGood(): void {
  void navigator.storage?.persist?.();
}
