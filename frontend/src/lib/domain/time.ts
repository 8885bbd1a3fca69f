/* "3 hours ago" and "in 3 hours", in the reader's language. */

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function ago(then: number, now: number): string {
  return told(now - then, -1) ?? 'just now';
}

export function ahead(then: number, now: number): string {
  return told(then - now, 1) ?? 'in a moment';
}

function told(distance: number, sign: 1 | -1): string | null {
  const seconds = Math.max(0, Math.round(distance / 1000));
  const step = STEPS.find(([, size]) => seconds >= size);
  if (!step) return null;
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  return words.format(sign * Math.floor(seconds / step[1]), step[0]);
}
