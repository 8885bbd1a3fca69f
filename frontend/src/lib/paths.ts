/* Every address of the app, typed in one place. */

export type View = 'standings' | 'rounds';
export type Place =
  { page: 'home' } | { page: 'board'; slug: string; view: View } | { page: 'lost' };

export const paths = {
  home: () => '/',
  board: (slug: string) => `/b/${slug}`,
  rounds: (slug: string) => `/b/${slug}/rounds`,
  docs: () => '/docs/',
};

const BOARD = /^\/b\/([0-9a-z]{1,32})(\/rounds)?\/?$/i;

export function placeOf(pathname: string): Place {
  if (pathname === '/') return { page: 'home' };
  const [, slug, rounds] = BOARD.exec(pathname) ?? [];
  if (!slug) return { page: 'lost' };
  return { page: 'board', slug: slug.toLowerCase(), view: rounds ? 'rounds' : 'standings' };
}

/** What people share: never with a key. */
export function shareLink(slug: string): string {
  return new URL(paths.board(slug), location.origin).href;
}
