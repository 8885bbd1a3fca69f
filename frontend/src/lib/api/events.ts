import { apiBase } from '../page-meta';
import { ask, client, type Change } from './client';

export interface Changes {
  data: Change[];
  revision: number;
  has_more: boolean;
}

/** For pollers; the same address streams to an `EventSource`. */
export const readEvents = (game: string, after: number): Promise<Changes> =>
  ask(
    client.GET('/api/v1/games/{game}/events', {
      params: { path: { game }, query: { after } },
      headers: { Accept: 'application/json' },
    }),
  );

/** The cursor is in the address, since a new `EventSource` forgets `Last-Event-ID`. */
export const streamAddress = (game: string, after: number): string =>
  `${apiBase()}/api/v1/games/${encodeURIComponent(game)}/events?after=${after}`;
