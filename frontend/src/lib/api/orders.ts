/* Orders: of the person who is logged in or, where a board is named, of that board's own key. */
import { credentialFor, belongs } from '../credentials';
import { uuid } from '../uuid';
import {
  ask,
  client,
  type NewOrder,
  type Order,
  type OrderEvent,
  type OrderList,
  type Products,
} from './client';

const ORDER = '/api/v1/orders/{order}';

/** Whose the order is: a board's, by its slug, or null for the person's. */
export type Whose = string | null;

/** The board in whose name something for it is ordered: none, where it belongs to the person. */
export const buyerFor = (slug: string): Whose => (signed(slug).Authorization ? slug : null);

function signed(board: Whose): Record<string, string> {
  const credential = board && !belongs(board) ? credentialFor(board) : null;
  return credential && 'key' in credential ? { Authorization: `Bearer ${credential.key}` } : {};
}

const at = (order: string, board: Whose, key = uuid()) => ({
  params: { path: { order }, header: { 'Idempotency-Key': key } },
  headers: signed(board),
});

export const listProducts = (): Promise<Products> => ask(client.GET('/api/v1/products'));

/** The caller names the key, so that sending the same form again makes one order. */
export const draftOrder = (body: NewOrder, board: Whose, key: string): Promise<Order> =>
  ask(
    client.POST('/api/v1/orders', {
      params: { header: { 'Idempotency-Key': key } },
      headers: signed(board),
      body,
    }),
  );

export const readOrder = (order: string, board: Whose): Promise<Order> =>
  ask(client.GET(ORDER, { params: { path: { order } }, headers: signed(board) }));

export async function orderEvents(order: string, board: Whose): Promise<OrderEvent[]> {
  const events: OrderEvent[] = [];
  let cursor: string | undefined;
  do {
    const params = { path: { order }, query: { limit: 100, cursor } };
    const page = await ask(
      client.GET('/api/v1/orders/{order}/events', { params, headers: signed(board) }),
    );
    events.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return events;
}

export const submitOrder = (order: string, board: Whose): Promise<Order> =>
  ask(client.POST('/api/v1/orders/{order}/submit', at(order, board)));

export const cancelOrder = (order: string, board: Whose): Promise<Order> =>
  ask(client.POST('/api/v1/orders/{order}/cancel', at(order, board)));

export interface Wanted {
  state?: Order['state'];
  /** Somewhere in the number. */
  q?: string;
}

/** A page of orders, the newest first: one's own, or everybody's for operators. */
export const listOrders = (
  wanted: Wanted,
  cursor?: string,
  board: Whose = null,
): Promise<OrderList> => {
  const params = { query: { ...wanted, cursor, limit: 50 } };
  return ask(client.GET('/api/v1/orders', { params, headers: signed(board) }));
};

export const payOrder = (order: string, reference: string): Promise<Order> =>
  ask(client.POST('/api/v1/orders/{order}/pay', { ...at(order, null), body: { reference } }));

export const fulfilOrder = (order: string): Promise<Order> =>
  ask(client.POST('/api/v1/orders/{order}/fulfil', at(order, null)));

/** The caller names the key: money that went back once does not go again when an answer is lost. */
export const refundOrder = (
  order: string,
  amount_minor: number,
  reference: string | null,
  key: string,
): Promise<Order> =>
  ask(
    client.POST('/api/v1/orders/{order}/refund', {
      ...at(order, null, key),
      body: { amount_minor, reference },
    }),
  );
