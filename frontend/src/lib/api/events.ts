import { apiBase } from '../page-meta';
import { ask, client, type Changes } from './client';

/** For pollers; the same address streams to an `EventSource`. */
export const readEvents = async (game: string, after: number): Promise<Changes> =>
  (await ask(
    client.GET('/api/v1/games/{game}/events', {
      params: { path: { game }, query: { after } },
      headers: { Accept: 'application/json' },
    }),
  )) as Changes;

/** The cursor is in the address, since a new `EventSource` forgets `Last-Event-ID`. */
export const streamAddress = (game: string, after: number): string =>
  `${apiBase()}/api/v1/games/${encodeURIComponent(game)}/events?after=${after}`;

/** For those whom the server must know: an `EventSource` sends no header, so a ticket stands for it. */
export async function ticketedAddress(game: string, after: () => number): Promise<string> {
  const { ticket } = await ask(
    client.POST('/api/v1/games/{game}/events/ticket', { params: { path: { game } } }),
  );
  return `${streamAddress(game, after())}&ticket=${ticket}`;
}
