import { expect, it } from 'vitest';
import { ago, ahead } from './time';

it.each([
  [5, 'just now'],
  [60, '1 minute ago'],
  [3 * 3600, '3 hours ago'],
  [86_400, 'yesterday'],
  [40 * 86_400, 'last month'],
])('%i seconds ago', (seconds, words) => {
  expect(ago(0, seconds * 1000)).toBe(words);
});

it.each([
  [5, 'in a moment'],
  [60, 'in 1 minute'],
  [86_400, 'tomorrow'],
  [7 * 86_400, 'next week'],
])('%i seconds ahead', (seconds, words) => {
  expect(ahead(seconds * 1000, 0)).toBe(words);
});
