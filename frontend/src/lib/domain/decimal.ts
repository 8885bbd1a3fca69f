/*
 * Exact decimals without floats: a number is turned into an integer of the board's smallest unit,
 * and back. Both ways are exact, because totals have at most 15 significant digits and a double
 * holds every such decimal apart from its neighbours.
 */

export const MAX_SCALED = 999_999_999_999_999;

export function toScaled(value: number, decimals: number): number {
  return Number(value.toFixed(decimals).replace('.', ''));
}

export function fromScaled(scaled: number, decimals: number): number {
  return Number(`${scaled}e-${decimals}`);
}

export function add(a: number, b: number, decimals: number): number {
  return fromScaled(toScaled(a, decimals) + toScaled(b, decimals), decimals);
}

export function negate(value: number): number {
  return value === 0 ? 0 : -value;
}

/** `null` for anything that is not a decimal with at most that many places and 15 digits. */
export function parseDecimal(text: string, decimals: number): number | null {
  const match = /^([+\-\u2212])?(\d*)(?:[.,](\d*))?$/u.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return null;
  if (fraction.length > decimals) return null;
  const scaled = Number(whole + fraction.padEnd(decimals, '0'));
  if (scaled > MAX_SCALED) return null;
  const value = fromScaled(scaled, decimals);
  return sign === '-' || sign === '\u2212' ? negate(value) : value;
}

/** Always with the board's number of decimals, so that a column of totals lines up. */
export function formatDecimal(value: number, decimals: number): string {
  return value.toLocaleString(undefined, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** A change is read as a change: its sign is always there. */
export function formatChange(value: number, decimals: number): string {
  const size = formatDecimal(Math.abs(value), decimals);
  return value < 0 ? `\u2212${size}` : `+${size}`;
}

/** The text of an input field: plain, no grouping, nothing for "no value". */
export function editDecimal(value: number | null | undefined): string {
  return value == null ? '' : value.toFixed(6).replace(/\.?0+$/, '');
}
