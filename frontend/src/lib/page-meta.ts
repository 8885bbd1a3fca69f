/* What the server (or the static host) writes into the head of index.html. */

function meta(name: string): string | null {
  return document.querySelector<HTMLMetaElement>(`meta[name="scorehold:${name}"]`)?.content || null;
}

/** Where the API is: the same origin unless the page says otherwise. */
export const apiBase = (): string => (meta('api') ?? location.origin).replace(/\/+$/, '');

/** The slug of the demo board, when this server has one. */
export const demoSlug = (): string | null => meta('demo');
