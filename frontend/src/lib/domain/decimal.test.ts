import { describe, expect, it } from 'vitest';
import {
  add,
  editDecimal,
  formatChange,
  formatDecimal,
  fromScaled,
  parseDecimal,
  toScaled,
} from './decimal';

describe('decimals', () => {
  it('adds exactly what floats do not', () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(add(0.1, 0.2, 1)).toBe(0.3);
    expect(add(999_999_999.999_999, -0.000_001, 6)).toBe(999_999_999.999_998);
  });

  it('goes to the smallest unit and back', () => {
    for (const value of [0, -0.5, 12.34, 1.005, -999_999.99]) {
      expect(fromScaled(toScaled(value, 3), 3)).toBe(value);
    }
    expect(toScaled(-0.5, 1)).toBe(-5);
  });

  it.each([
    ['12', 0, 12],
    [' -3 ', 0, -3],
    ['−3', 0, -3],
    ['+7', 0, 7],
    ['1,25', 2, 1.25],
    ['.5', 1, 0.5],
    ['0', 0, 0],
    ['999999999999999', 0, 999_999_999_999_999],
  ])('reads %j with %i decimals', (text, decimals, value) => {
    expect(parseDecimal(text, decimals)).toBe(value);
  });

  it.each([
    ['', 0],
    ['-', 0],
    ['.', 2],
    ['1.5', 0],
    ['1.234', 2],
    ['1e5', 0],
    ['0x10', 0],
    ['NaN', 0],
    ['1 000', 0],
    ['1000000000000000', 0],
  ])('refuses %j with %i decimals', (text, decimals) => {
    expect(parseDecimal(text, decimals)).toBeNull();
  });

  it('shows as many decimals as the board has', () => {
    expect(formatDecimal(1234.5, 2)).toBe('1,234.50');
    expect(formatChange(3, 0)).toBe('+3');
    expect(formatChange(-0.5, 1)).toBe('−0.5');
  });

  it('fills a field plainly', () => {
    expect(editDecimal(null)).toBe('');
    expect(editDecimal(1200)).toBe('1200');
    expect(editDecimal(-0.25)).toBe('-0.25');
    expect(parseDecimal(editDecimal(1e-6), 6)).toBe(1e-6);
  });
});
