/* Capability links in plain words. */
import { ago, ahead } from './time';

export type Role = 'own' | 'score' | 'view' | 'join';
export type Mode = 'open' | 'approve' | 'off';

export interface Shown {
  id: string;
  role: Role;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  /** How people come in by it, where it is an invitation. */
  join?: { mode: Mode; scores?: boolean } | null;
  /** The invitation by which somebody took this seat, and whom they play. */
  parent?: string | null;
  player_id?: string | null;
}

/** The longest name that the server takes. */
export const MAX_LINK_NAME = 60;

const CAN: Record<Exclude<Role, 'join'>, string> = {
  view: 'Can look',
  score: 'Can enter scores',
  own: 'Owns the board',
};

const LETS_IN: Record<Mode, string> = {
  open: 'People join at once',
  approve: 'People join when you let them in',
  off: 'Nobody new joins',
};

/** What its holder may do. */
export function can(link: Pick<Shown, 'role' | 'join' | 'player_id'>): string {
  if (link.role !== 'join') return CAN[link.role];
  if (link.join) return LETS_IN[link.join.mode];
  return link.player_id ? 'Plays on this board' : 'Waits to be let in';
}

/** An invitation by which people come in, or came in. */
export const invites = (link: Shown): boolean => Boolean(link.join);

/** Somebody who took a seat and has no player yet. */
export const waits = (link: Shown): boolean =>
  Boolean(link.parent) && !link.player_id && link.revoked_at === null;

const moment = (text: string) => new Date(text).getTime();

export const isLive = (link: Shown, now: number): boolean =>
  link.revoked_at === null && (link.expires_at === null || moment(link.expires_at) > now);

/** The oldest first; what was revoked stands at the end, the latest first. */
export function inOrder<T extends Shown>(links: T[]): T[] {
  const standing = links.filter((link) => link.revoked_at === null);
  const revoked = links.filter((link) => link.revoked_at !== null);
  const when = (link: Shown) => moment(link.revoked_at ?? link.created_at);
  return [
    ...standing.sort((a, b) => when(a) - when(b)),
    ...revoked.sort((a, b) => when(b) - when(a)),
  ];
}

export function ends({ revoked_at, expires_at }: Shown, now: number): string {
  if (revoked_at) return `Revoked ${ago(moment(revoked_at), now)}`;
  if (!expires_at) return 'Never expires';
  const end = moment(expires_at);
  return end > now ? `Expires ${ahead(end, now)}` : `Expired ${ago(end, now)}`;
}

/** Only changes leave a trace, and who may only look makes none. */
export function used({ role, created_at, revoked_at, last_used_at }: Shown, now: number): string {
  const made = `Made ${ago(moment(created_at), now)}`;
  if (role === 'view') return made;
  if (last_used_at) return `${made}, last change ${ago(moment(last_used_at), now)}`;
  return revoked_at ? `${made}, never changed anything` : `${made}, has changed nothing yet`;
}
