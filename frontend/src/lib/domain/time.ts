/* "3 hours ago", in the reader's language. */

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function ago(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) ?? ['second', 1];
  if (unit === 'second') return 'just now';
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  return words.format(-Math.floor(seconds / size), unit);
}
