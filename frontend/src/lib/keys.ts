/*
 * The keys of boards (`shl_…`), kept in this browser. A key is a capability: it travels in the
 * fragment of a link, which no server ever sees, and leaves the address bar at once. Two are kept
 * for a board, since the commonest loss is a lost key: whoever owns it and tries a link that they
 * made for others stays its owner, and any other link gives way to a newer one.
 */
import type { Role } from './domain/links';
import { forget, keepForGood, recall, remember } from './storage';

const key = (slug: string) => `key.${slug}`;
const spare = (slug: string) => `spare.${slug}`;
const role = (slug: string) => `role.${slug}`;
/** Keys the server has refused: kept, since the refusal may be a mistake, but not sent again. */
const refused = new Set<string>();
const held = new Map<string, string>();

export function keepKey(slug: string, token: string, known?: Role): void {
  const before = keyFor(slug);
  if (before && before !== token) remember(spare(slug), before);
  held.set(slug, token);
  refused.delete(token);
  remember(key(slug), token);
  keepRole(slug, known ?? null);
  keepForGood();
}

/** Another tab may have got a newer one, and a browser may refuse to remember any. */
export function keyFor(slug: string): string | null {
  const kept = [recall<string>(key(slug)), held.get(slug), recall<string>(spare(slug))];
  return kept.find((token) => token && !refused.has(token)) ?? null;
}

/** The very one that was sent: meanwhile another may have taken its place. */
export function refuseKey(token: string): void {
  refused.add(token);
}

/** What the server last said that the key lets one do. */
export function keepRole(slug: string, said: Role | null): void {
  remember(role(slug), said);
}

/** Takes away what opens the board from here. */
export function dropKeys(slug: string): void {
  held.delete(slug);
  [key(slug), spare(slug), role(slug)].forEach(forget);
}

/** The spare key was somebody's before the other came, and may do less. */
export function ownsHere(slug: string): boolean {
  const token = keyFor(slug);
  const isSpare = token === recall<string>(spare(slug));
  return token !== null && !isSpare && recall<Role>(role(slug)) === 'own';
}

/** Stores the key of a link like `/b/<slug>#k=shl_…` and cleans the address bar. */
export function takeKeyFromAddress(slug: string): boolean {
  const token = new URLSearchParams(location.hash.slice(1)).get('k');
  if (!token?.startsWith('shl_')) return false;
  if (!ownsHere(slug)) keepKey(slug, token);
  else if (token !== keyFor(slug)) remember(spare(slug), token);
  history.replaceState(history.state, '', location.pathname + location.search);
  return true;
}
