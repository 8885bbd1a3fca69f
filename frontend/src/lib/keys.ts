/*
 * The keys of boards (`shl_…`), kept in this browser. A key is a capability: it travels in the
 * fragment of a link, which no server ever sees, and leaves the address bar at once.
 */
import { forget, keepForGood, recall, remember } from './storage';

const name = (slug: string) => `key.${slug}`;
/** Keys the server has refused: kept, since the refusal may be a mistake, but not sent again. */
const refused = new Set<string>();
const held = new Map<string, string>();

export function keepKey(slug: string, key: string): void {
  held.set(slug, key);
  refused.delete(key);
  remember(name(slug), key);
  keepForGood();
}

export function keyFor(slug: string): string | null {
  const key = held.get(slug) ?? recall<string>(name(slug));
  return key === null || refused.has(key) ? null : key;
}

export function refuseKey(slug: string): void {
  const key = keyFor(slug);
  if (key !== null) refused.add(key);
}

export function forgetKey(slug: string): void {
  held.delete(slug);
  forget(name(slug));
}

/** Stores the key of a link like `/b/<slug>#k=shl_…` and cleans the address bar. */
export function takeKeyFromAddress(slug: string): boolean {
  const key = new URLSearchParams(location.hash.slice(1)).get('k');
  if (!key?.startsWith('shl_')) return false;
  keepKey(slug, key);
  history.replaceState(history.state, '', location.pathname + location.search);
  return true;
}
