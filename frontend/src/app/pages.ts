/* Every page of the app. The board is what people come for; the others load when they are shown. */
import Board from '$routes/board/Page.svelte';

export const pages = {
  home: async () => (await import('$routes/home/Page.svelte')).default,
  board: async () => Board,
  lost: async () => (await import('$routes/errors/NotFound.svelte')).default,
};
