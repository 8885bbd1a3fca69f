/* Everybody's orders, as an operator filters them. */
import type { Order } from '$lib/api/client';
import { listOrders, type Wanted } from '$lib/api/orders';
import { Problem } from '$lib/api/problem';

export class Payments {
  wanted = $state.raw<Wanted>({});
  list = $state.raw<Order[] | null>(null);
  more = $state.raw<string | null>(null);
  problem = $state.raw<Problem>();
  #asked = 0;

  async load(cursor?: string): Promise<void> {
    const asked = ++this.#asked;
    this.problem = undefined;
    try {
      const page = await listOrders(this.wanted, cursor);
      // What was asked for meanwhile is what is wanted.
      if (asked !== this.#asked) return;
      this.list = cursor ? [...(this.list ?? []), ...page.data] : page.data;
      this.more = page.next_cursor;
    } catch (cause) {
      if (asked === this.#asked) this.problem = Problem.of(cause);
    }
  }

  show(wanted: Wanted): void {
    this.wanted = { ...this.wanted, ...wanted };
    void this.load();
  }

  /** An order has moved: it stays where it is until the list is asked for again. */
  replace(order: Order): void {
    this.list = this.list?.map((one) => (one.id === order.id ? order : one)) ?? null;
  }
}
