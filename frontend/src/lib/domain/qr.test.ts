import { expect, it } from 'vitest';
import { qrPath } from './qr';

const rows = (...lines: string[]) => lines.map((line) => [...line].map((cell) => cell === '#'));

it('joins what stands side by side, behind the quiet zone', () => {
  expect(qrPath(rows('##.#', '....', '.###'))).toBe('M4 4h2v1h-2zM7 4h1v1h-1zM5 6h3v1h-3z');
});

it('draws every dark module once', () => {
  const code = rows('#.#.#', '.###.', '#####', '.....', '#...#');
  const bars = [...qrPath(code).matchAll(/M(\d+) (\d+)h(\d+)/g)].map((bar) => bar.map(Number));
  const drawn = code.map((row) => row.map(() => false));
  for (const [, x = 0, y = 0, width = 0] of bars) drawn[y - 4]?.fill(true, x - 4, x - 4 + width);
  expect(drawn).toEqual(code);
});
