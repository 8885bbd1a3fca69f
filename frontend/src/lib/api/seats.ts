/* Coming in by an invitation: taking a seat, and looking after it. */
import { uuid } from '../uuid';
import {
  ask,
  client,
  type Game,
  type Link,
  type Newcomer,
  type Seat,
  type SeatWithToken,
} from './client';
import { Problem } from './problem';

const by = (token: string) => ({ Authorization: `Bearer ${token}` });

/** The board that an invitation is for. */
export const invitedTo = (game: string, token: string): Promise<Game> =>
  ask(client.GET('/api/v1/games/{game}', { params: { path: { game } }, headers: by(token) }));

/** With the same `client_id` a device gets the seat back that it took before. */
export const takeSeat = (game: string, token: string, body: Newcomer): Promise<SeatWithToken> =>
  ask(
    client.POST('/api/v1/games/{game}/join', {
      params: { path: { game }, header: { 'Idempotency-Key': uuid() } },
      headers: by(token),
      body,
    }),
  );

/** The seat of whoever came by one; an invitation alone has none. */
export async function readSeat(game: string): Promise<Seat | null> {
  try {
    return await ask(client.GET('/api/v1/games/{game}/seat', { params: { path: { game } } }));
  } catch (cause) {
    if (cause instanceof Problem && cause.status === 403) return null;
    throw cause;
  }
}

export const approveSeat = (game: string, link: Link): Promise<Link> =>
  ask(
    client.POST('/api/v1/games/{game}/links/{link}/approve', {
      params: { path: { game, link: link.id }, header: { 'Idempotency-Key': uuid() } },
    }),
  );
