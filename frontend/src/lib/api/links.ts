import { uuid } from '../uuid';
import {
  ask,
  client,
  ifMatch,
  type Link,
  type LinkPatch,
  type LinkWithToken,
  type NewLink,
} from './client';

const LINKS = '/api/v1/games/{game}/links';
const LINK = '/api/v1/games/{game}/links/{link}';
const at = (game: string, link: Link) => ({
  path: { game, link: link.id },
  header: { 'If-Match': ifMatch(link) },
});

export async function listLinks(game: string): Promise<Link[]> {
  const links: Link[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 100, cursor };
    const page = await ask(client.GET(LINKS, { params: { path: { game }, query } }));
    links.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return links;
}

/** The caller names the key, so that sending the same form again makes one link. */
export const createLink = (game: string, body: NewLink, key: string): Promise<LinkWithToken> =>
  ask(client.POST(LINKS, { params: { path: { game }, header: { 'Idempotency-Key': key } }, body }));

export const updateLink = (game: string, link: Link, body: LinkPatch): Promise<Link> =>
  ask(
    client.PATCH(LINK, {
      params: at(game, link),
      // A merge patch: only what changes.
      body: body as Required<LinkPatch>,
    }),
  );

export const revokeLink = (game: string, link: Link): Promise<unknown> =>
  ask(client.DELETE(LINK, { params: at(game, link) }));

/** A new token; the old one is refused from now on. */
export const rotateLink = (game: string, link: Link): Promise<LinkWithToken> =>
  ask(
    client.POST('/api/v1/games/{game}/links/{link}/rotate', {
      params: { path: { game, link: link.id }, header: { 'Idempotency-Key': uuid() } },
    }),
  );

/** Sends the link to an address. */
export const mailLink = (game: string, link: Link, email: string): Promise<unknown> =>
  ask(
    client.POST('/api/v1/games/{game}/links/{link}/mail', {
      params: { path: { game, link: link.id }, header: { 'Idempotency-Key': uuid() } },
      body: { email },
    }),
  );
