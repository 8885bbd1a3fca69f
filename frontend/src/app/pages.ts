/* Every page of the app. The board is what people come for; the others load when they are shown. */
import Board from '$routes/board/Page.svelte';

export const pages = {
  home: async () => (await import('$routes/home/Page.svelte')).default,
  board: async () => Board,
  boards: async () => (await import('$routes/boards/Page.svelte')).default,
  account: async () => (await import('$routes/account/Page.svelte')).default,
  shop: async () => (await import('$routes/shop/Page.svelte')).default,
  lost: async () => (await import('$routes/errors/NotFound.svelte')).default,
};
