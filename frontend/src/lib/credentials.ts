/*
 * What a request to a board is signed with: the key of this browser when it owns the board, since a
 * key never runs out; else the person, where the board is known to be theirs or there is no key at
 * all; else the key.
 */
import { account } from './account.svelte';
import type { Role } from './domain/links';
import { keepRole, keyFor, ownsHere, refuseKey } from './keys';
import { namesUnder, recall, remember } from './storage';

export type Credential = { key: string } | { person: string };

export function credentialFor(slug: string): Credential | null {
  const key = keyFor(slug);
  const { person } = account;
  if (key && (ownsHere(slug) || !belongs(slug))) return { key };
  return person && { person: person.id };
}

/** Whether the board belongs to the person who is logged in, as far as this browser knows. */
export const belongs = (slug: string): boolean =>
  account.person !== null && recall(owner(slug)) === account.person.id;

/** Whether the board belongs to somebody who was logged in here. */
export const isOwned = (slug: string): boolean => recall(owner(slug)) !== null;

/** Whether whoever sits here owns the board, by a key or by their account. */
export const ownedHere = (slug: string): boolean => ownsHere(slug) || belongs(slug);

/** The server said what a credential lets one do. */
export function learn(slug: string, credential: Credential | null, role: Role | null): void {
  if (!credential || !role) return;
  if ('key' in credential) keepRole(slug, role);
  else if (role === 'own') remember(owner(slug), credential.person);
}

/** The server no longer takes it; a person it no longer knows is logged out already. */
export function refuse(credential: Credential | null): void {
  if (credential && 'key' in credential) refuseKey(credential.key);
}

/** The person's boards that this browser has met. */
export const ownBoards = (): string[] => namesUnder(owner('')).filter(belongs);

const owner = (slug: string) => `owner.${slug}`;
