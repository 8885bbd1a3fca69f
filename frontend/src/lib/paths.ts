/* Every address of the app, typed in one place. */

export type View = 'standings' | 'rounds' | 'links';
export type Place =
  { page: 'home' } | { page: 'board'; slug: string; view: View } | { page: 'lost' };

export const paths = {
  home: () => '/',
  board: (slug: string) => `/b/${slug}`,
  rounds: (slug: string) => `/b/${slug}/rounds`,
  links: (slug: string) => `/b/${slug}/links`,
  docs: () => '/docs/',
};

const BOARD = /^\/b\/([0-9a-z]{1,32})(?:\/(rounds|links))?\/?$/i;

export function placeOf(pathname: string): Place {
  if (pathname === '/') return { page: 'home' };
  const [, slug, view] = BOARD.exec(pathname) ?? [];
  if (!slug) return { page: 'lost' };
  return {
    page: 'board',
    slug: slug.toLowerCase(),
    view: (view?.toLowerCase() ?? 'standings') as View,
  };
}

/** What people share: never with a key. */
export function shareLink(slug: string): string {
  return new URL(paths.board(slug), location.origin).href;
}

/** What opens the board with a key, which stands where no server sees it. */
export const keyedLink = (slug: string, key: string): string => `${shareLink(slug)}#k=${key}`;
