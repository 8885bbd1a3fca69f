/* Every address of the app, typed in one place. */

export type View = 'standings' | 'rounds' | 'links' | 'history';
/** The account itself, and the ways into it; mails lead to `reset` and `verify`. */
export type AccountView = 'overview' | 'login' | 'register' | 'forgot' | 'reset' | 'verify';
export type Place =
  | { page: 'home' }
  | { page: 'board'; slug: string; view: View; of?: string }
  | { page: 'boards' }
  | { page: 'account'; view: AccountView }
  | { page: 'shop'; path: string }
  | { page: 'join'; slug: string }
  | { page: 'lost' };

export const paths = {
  home: () => '/',
  board: (slug: string) => `/b/${slug}`,
  rounds: (slug: string) => `/b/${slug}/rounds`,
  links: (slug: string) => `/b/${slug}/links`,
  boards: () => '/boards',
  account: (view: AccountView = 'overview') =>
    view === 'overview' ? '/account' : `/account/${view}`,
  docs: () => '/docs/',
};

const BOARD = /^\/b\/([0-9a-z]{1,32})(?:\/(rounds|links|join|history)(?:\/(\w+))?)?\/?$/i;

const ACCOUNT = /^\/account(?:\/(login|register|forgot|reset|verify))?\/?$/i;

/** Plans, orders and payments, which `$lib/shop-paths` tells apart. */
const SHOP = /^\/(plans|orders|operator)\b/i;

export function placeOf(pathname: string): Place {
  if (pathname === '/') return { page: 'home' };
  if (/^\/boards\/?$/i.test(pathname)) return { page: 'boards' };
  const [account, accountView] = ACCOUNT.exec(pathname) ?? [];
  if (account) {
    return { page: 'account', view: (accountView?.toLowerCase() ?? 'overview') as AccountView };
  }
  if (SHOP.test(pathname)) return { page: 'shop', path: pathname };
  const [, name, shown = 'standings', of] = BOARD.exec(pathname) ?? [];
  if (!name) return { page: 'lost' };
  const [slug, view] = [name.toLowerCase(), shown.toLowerCase() as View | 'join'];
  return view === 'join' ? { page: 'join', slug } : { page: 'board', slug, view, of };
}

/** What people share: never with a key. */
export function shareLink(slug: string): string {
  return new URL(paths.board(slug), location.origin).href;
}

/** What opens the board with a key, which stands where no server sees it. */
export const keyedLink = (slug: string, key: string): string => `${shareLink(slug)}#k=${key}`;
