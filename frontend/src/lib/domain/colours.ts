/* The palette of Okabe and Ito: eight colours that colour-blind people tell apart. */

export const PALETTE = {
  blue: '#0072b2',
  orange: '#e69f00',
  green: '#009e73',
  purple: '#cc79a7',
  sky: '#56b4e9',
  vermillion: '#d55e00',
  yellow: '#f0e442',
} as const;

export type ColourName = keyof typeof PALETTE;
export const COLOURS = Object.keys(PALETTE) as ColourName[];

/** The same for a player on every device and at every rank: it depends on the id alone. */
function spread(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + char.charCodeAt(0)) >>> 0;
  return hash;
}

export function colourOf(player: { id: string; colour?: string | null }): ColourName {
  const chosen = COLOURS.find((name) => PALETTE[name] === player.colour?.toLowerCase());
  return chosen ?? (COLOURS[spread(player.id) % COLOURS.length] as ColourName);
}
