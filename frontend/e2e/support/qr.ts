/*
 * Reads a QR code as a camera would, without the help of what drew it: versions 1 to 6 with the error
 * correction M, undamaged.
 */
import type { Locator } from '@playwright/test';

/** Blocks, and bytes of data in each, by version. */
const BLOCKS: Record<number, [number, number]> = {
  1: [1, 16],
  2: [1, 28],
  3: [1, 44],
  4: [2, 32],
  5: [2, 43],
  6: [4, 27],
};
const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];
const QUIET = 4;

/** The text behind the code in an image. */
export async function scan(image: Locator): Promise<string> {
  const side = Number((await image.getAttribute('viewBox'))?.split(' ')[2]) - 2 * QUIET;
  const drawn = (await image.locator('path').getAttribute('d')) ?? '';
  const dark = Array.from({ length: side }, () => new Array<boolean>(side).fill(false));
  for (const [, x, y, width] of drawn.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    const from = Number(x) - QUIET;
    dark[Number(y) - QUIET]?.fill(true, from, from + Number(width));
  }
  return decode(dark);
}

function decode(dark: boolean[][]): string {
  const side = dark.length;
  const at = (x: number, y: number) => dark[y]?.[x] ?? false;
  const [blocks, length] = BLOCKS[(side - 17) / 4] ?? [0, 0];
  const { corrected, mask } = format(at);
  if (blocks === 0 || !corrected) throw new Error(`not a code of ours: ${side} modules`);
  const bits = [...path(side)].map(([x, y]) => at(x, y) !== mask(x, y));
  const bytes = Array.from({ length: blocks * length }, (_, byte) =>
    number(bits.slice(8 * byte, 8 * byte + 8)),
  );
  // The first bytes of all blocks come first, then the second ones.
  const data = Array.from({ length: blocks }, (_, block) =>
    bytes.filter((_, index) => index % blocks === block),
  ).flat();
  return text(data.flatMap((byte) => [...byte.toString(2).padStart(8, '0')].map((b) => b === '1')));
}

const number = (bits: boolean[]) => bits.reduce((value, bit) => 2 * value + Number(bit), 0);

function format(at: (x: number, y: number) => boolean) {
  const row = [0, 1, 2, 3, 4, 5, 7, 8].map((x) => at(x, 8));
  const read = number(row.slice(0, 5)) ^ 0b10101;
  // The two bits of M are 00; the next three name the mask.
  return { corrected: read >> 3 === 0, mask: MASKS[read & 7] as (typeof MASKS)[0] };
}

/** Where the bits stand, in order: up and down in columns of two, from the right. */
function* path(side: number): Generator<[number, number]> {
  let up = true;
  for (let right = side - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < side; step++) {
      const y = up ? side - 1 - step : step;
      for (const x of [right, right - 1]) if (!isPattern(x, y, side)) yield [x, y];
    }
    up = !up;
  }
}

function isPattern(x: number, y: number, side: number): boolean {
  const corner = (x < 9 && y < 9) || (x >= side - 8 && y < 9) || (x < 9 && y >= side - 8);
  const timing = x === 6 || y === 6;
  const small = side - 7;
  const alignment = side > 21 && Math.abs(x - small) <= 2 && Math.abs(y - small) <= 2;
  return corner || timing || alignment;
}

/** One segment of bytes: four bits for the kind, eight for the length. */
function text(bits: boolean[]): string {
  if (number(bits.slice(0, 4)) !== 0b0100) throw new Error('not a text of bytes');
  const length = number(bits.slice(4, 12));
  const bytes = Array.from({ length }, (_, byte) =>
    number(bits.slice(12 + 8 * byte, 20 + 8 * byte)),
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
