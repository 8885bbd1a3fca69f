/*
 * A board's colour gives its hue; how light and how vivid the accent is stays with the themes, so that
 * every colour can be read on both. A grey has no hue: its accent is grey too.
 */

export interface Accent {
  /** Degrees, as in oklch. */
  hue: number;
  /** How vivid, 0 to 1, of what the themes have. */
  tint: number;
}

/** The chroma from which on a colour counts as one. */
const VIVID = 0.06;

/** Null for what is no colour: a board's theme may be any word. */
export function accentOf(theme: string): Accent | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(theme);
  if (!match) return null;
  const [r = 0, g = 0, b = 0] = match.slice(1).map((part) => linear(parseInt(part, 16) / 255));
  // Björn Ottosson's OKLab.
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const [a, c] = [
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
  const hue = (Math.atan2(c, a) * 180) / Math.PI;
  return { hue: Math.round((hue + 360) % 360), tint: Math.min(1, Math.hypot(a, c) / VIVID) };
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
