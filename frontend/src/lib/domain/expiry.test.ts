import { describe, expect, it } from 'vitest';
import { expiryOf, fieldTime } from './expiry';

const now = new Date(2026, 1, 28, 21, 30, 15);

describe('when a link ends', () => {
  it('never, or at the next midnight on the own clock', () => {
    expect(expiryOf('never', '', now)).toBeNull();
    expect(expiryOf('tonight', '', now)).toEqual(new Date(2026, 2, 1));
  });

  it.each([
    ['day', 24],
    ['week', 168],
  ] as const)('a %s is %i hours', (choice, hours) => {
    expect(expiryOf(choice, '', now)?.getTime()).toBe(now.getTime() + hours * 3_600_000);
  });

  it('a picked time counts on the own clock, if it lies ahead', () => {
    expect(expiryOf('date', '2026-03-01T09:05', now)).toEqual(new Date(2026, 2, 1, 9, 5));
    expect(expiryOf('date', '2026-02-28T21:30', now)).toBeUndefined();
    expect(expiryOf('date', '', now)).toBeUndefined();
  });

  it('what a field shows is what it means', () => {
    const then = new Date(2026, 2, 1, 9, 5);
    expect(fieldTime(then)).toBe('2026-03-01T09:05');
    expect(new Date(fieldTime(then))).toEqual(then);
  });
});
