/* The boards that something can be ordered for: those that whoever sits here owns. */
import { account } from '$lib/account.svelte';
import { listGames } from '$lib/api/games';
import { ownedHere } from '$lib/credentials';
import { recentBoards } from '$lib/recent.svelte';

export interface Choice {
  slug: string;
  title: string;
}

/** Those of this browser at once, `first` before the others; those of the account as they are told. */
export function boardsHere(first: string | null): Choice[] {
  const owned = recentBoards.list.filter(({ slug }) => ownedHere(slug));
  const here = owned.map(({ slug, title }) => ({ slug, title }));
  if (!first) return here;
  const wanted = here.find(({ slug }) => slug === first) ?? { slug: first, title: first };
  return together([wanted], here);
}

export async function boardsOfAccount(): Promise<Choice[]> {
  if (!account.person) return [];
  const { data } = await listGames({ state: 'live', q: '' });
  return data.map(({ slug, title }) => ({ slug, title }));
}

/** Each board once, the first first. */
export const together = (...lists: Choice[][]): Choice[] =>
  [
    ...new Map(
      lists
        .flat()
        .reverse()
        .map((board) => [board.slug, board]),
    ).values(),
  ].reverse();
