/* Every page of the app. The board is what people come for; the others load when they are shown. */
import Board from '$routes/board/Page.svelte';

export const pages = {
  home: () => import('$routes/home/Page.svelte'),
  board: async () => ({ default: Board }),
  join: () => import('$routes/join/Page.svelte'),
  boards: () => import('$routes/boards/Page.svelte'),
  account: () => import('$routes/account/Page.svelte'),
  shop: () => import('$routes/shop/Page.svelte'),
  lost: () => import('$routes/errors/NotFound.svelte'),
};
