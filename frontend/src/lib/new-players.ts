import type { NewPlayer } from './api/client';
import { COLOURS, PALETTE, type ColourName } from './domain/colours';

/** Neighbours get different colours; `from` players are on the board already. */
export const newPlayers = (names: string[], from = 0): NewPlayer[] =>
  names.map((name, index) => ({
    name,
    colour: PALETTE[COLOURS[(from + index) % COLOURS.length] as ColourName],
  }));
