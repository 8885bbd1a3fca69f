import { expect, test } from 'vitest';
import { minorOf, money, plain } from './money';

test('an amount is shown in its currency', () => {
  expect(money(2900, 'EUR', 'en-US')).toBe('€29.00');
  expect(money(5, 'EUR', 'en-US')).toBe('€0.05');
  expect(money(-1205, 'USD', 'en-US')).toBe('-$12.05');
  expect(money(1200, 'JPY', 'en-US')).toBe('¥1,200');
  expect(money(10_000_000_000, 'EUR', 'en-US')).toBe('€100,000,000.00');
});

test('what is typed is exact', () => {
  expect(minorOf('29', 'EUR')).toBe(2900);
  expect(minorOf(' 0.07 ', 'EUR')).toBe(7);
  expect(minorOf('1,5', 'EUR')).toBe(150);
  expect(minorOf('1200', 'JPY')).toBe(1200);
  for (const text of ['', '-1', '1.234', '1e3', 'x', '1.']) expect(minorOf(text, 'EUR')).toBeNull();
  expect(minorOf('1.5', 'JPY')).toBeNull();
});

test('an amount survives being typed', () => {
  for (const minor of [0, 1, 99, 100, 2900, 123_456_789]) {
    for (const currency of ['EUR', 'JPY', 'KWD']) {
      expect(minorOf(plain(minor, currency), currency)).toBe(minor);
    }
  }
});
