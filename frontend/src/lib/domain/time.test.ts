import { expect, it } from 'vitest';
import { ago } from './time';

it.each([
  [5, 'just now'],
  [60, '1 minute ago'],
  [3 * 3600, '3 hours ago'],
  [86_400, 'yesterday'],
  [40 * 86_400, 'last month'],
])('%i seconds ago', (seconds, words) => {
  expect(ago(0, seconds * 1000)).toBe(words);
});
