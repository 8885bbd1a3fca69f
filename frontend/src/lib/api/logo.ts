/* A board's own logo. It comes like everything else, with a credential, since a board may be private. */
import { ask, client, type Game } from './client';

const LOGO = '/api/v1/games/{game}/logo';

/** `v` tells one logo from the next. */
export const readLogo = (game: string, v?: string): Promise<Blob> =>
  ask(
    client.GET(LOGO, { params: { path: { game }, query: { v } }, parseAs: 'blob' }),
  ) as Promise<Blob>;

export const putLogo = (game: string, image: string): Promise<Game> =>
  ask(client.PUT(LOGO, { params: { path: { game } }, body: { image } }));

export const removeLogo = (game: string): Promise<unknown> =>
  ask(client.DELETE(LOGO, { params: { path: { game } } }));
