import { expect, it } from 'vitest';
import { windowOf } from './window';

const list = { count: 10_000, height: 56, tall: 1, tallHeight: 84 };
const whole = 10_000 * 56 + 28;

it('holds what is seen and a few more, never the whole list', () => {
  const { start, end, before, after } = windowOf(list, 56 * 500, 800);
  expect(start).toBeLessThanOrEqual(499);
  expect(end).toBeGreaterThanOrEqual(500 + Math.ceil(800 / 56));
  expect(end - start).toBeLessThan(40);
  const rows = (end - start) * 56;
  expect(before + rows + after).toBe(whole);
});

it('begins at the top with the taller leader', () => {
  const { start, end, before, after } = windowOf(list, -200, 800);
  expect([start, before]).toEqual([0, 0]);
  expect(before + 84 + (end - 1) * 56 + after).toBe(whole);
});

it('ends with the last row', () => {
  const { end, after } = windowOf(list, whole - 800, 800);
  expect([end, after]).toEqual([10_000, 0]);
});
