/* When a link ends: people choose in words or pick a time on their own clock. */

export type Expiry = 'never' | 'tonight' | 'day' | 'week' | 'date';

const DAY = 86_400_000;

/** The moment, `null` for never; `undefined` while what was picked is not a time ahead. */
export function expiryOf(choice: Expiry, picked: string, now: Date): Date | null | undefined {
  switch (choice) {
    case 'never':
      return null;
    case 'tonight':
      return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
    case 'day':
      return new Date(now.getTime() + DAY);
    case 'week':
      return new Date(now.getTime() + 7 * DAY);
    case 'date': {
      const then = new Date(picked);
      return then > now ? then : undefined;
    }
  }
}

/** As a field for a date and a time shows it, on the reader's clock. */
export function fieldTime(then: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [then.getFullYear(), two(then.getMonth() + 1), two(then.getDate())].join('-');
  return `${day}T${two(then.getHours())}:${two(then.getMinutes())}`;
}
