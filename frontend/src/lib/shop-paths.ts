/* The addresses of what is about money: apart from the others, since a board never loads them. */

export type OrderView = 'status' | 'invoice';
export type ShopPlace =
  | { at: 'plans'; board: string | null }
  | { at: 'order'; order: string; board: string | null; view: OrderView }
  | { at: 'operator' }
  | { at: 'lost' };

export const shopPaths = {
  plans: (board?: string) => (board ? `/plans/${board}` : '/plans'),
  /** Of the person who is logged in or, where a board is named, of that board's own key. */
  order: (order: string, board: string | null) =>
    board ? `/orders/${order}/${board}` : `/orders/${order}`,
  invoice: (order: string, board: string | null) => `${shopPaths.order(order, board)}/invoice`,
  operator: () => '/operator',
};

const PLANS = /^\/plans(?:\/([0-9a-z]{1,32}))?\/?$/i;
const ORDER = /^\/orders\/(ord_[0-9a-z]{13})(?:\/([0-9a-z]{8,32}))?(\/invoice)?\/?$/i;

export function shopPlaceOf(pathname: string): ShopPlace {
  if (/^\/operator\/?$/i.test(pathname)) return { at: 'operator' };
  const [plans, planned] = PLANS.exec(pathname) ?? [];
  if (plans) return { at: 'plans', board: planned?.toLowerCase() ?? null };
  const [, order, board, invoice] = ORDER.exec(pathname) ?? [];
  if (!order) return { at: 'lost' };
  const view = invoice ? 'invoice' : 'status';
  return { at: 'order', order, board: board?.toLowerCase() ?? null, view };
}
