/* The board in one sentence, for those who listen to it. */
import type { Game, StandingsRow } from '$lib/api/client';
import { formatDecimal } from '$lib/domain/decimal';

const names = new Intl.ListFormat('en', { type: 'conjunction' });

export function summary(game: Game, rows: StandingsRow[]): string {
  const leaders = rows.filter(({ rank }) => rank === 1);
  const total = leaders[0]?.total;
  if (total == null) return `${game.title}: no scores yet`;
  const who = names.format(leaders.slice(0, 3).map(({ player }) => player.name));
  const more = leaders.length > 3 ? ` and ${leaders.length - 3} more` : '';
  const verb = leaders.length > 1 ? 'lead' : 'leads';
  return `${who}${more} ${verb} with ${formatDecimal(total, game.decimals)}`;
}
