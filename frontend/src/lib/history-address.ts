/* Where a board's history stands; `of`: what one link or account did. */
export const historyOf = (slug: string, of = ''): string => `/b/${slug}/history${of && `/${of}`}`;
