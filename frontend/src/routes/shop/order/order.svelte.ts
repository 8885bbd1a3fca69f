/* One order as its page knows it: itself, its history, and what may be done with it. */
import type { Order, OrderEvent, Products } from '$lib/api/client';
import {
  cancelOrder,
  listProducts,
  orderEvents,
  readOrder,
  submitOrder,
  type Whose,
} from '$lib/api/orders';
import { Problem } from '$lib/api/problem';

export class OrderState {
  order = $state.raw<Order>();
  events = $state.raw<OrderEvent[]>([]);
  products = $state.raw<Products>();
  problem = $state.raw<Problem>();
  /** What the last step was refused with. */
  fault = $state<string | null>(null);
  busy = $state(false);

  constructor(
    private readonly id: string,
    readonly board: Whose,
  ) {}

  async load(): Promise<void> {
    this.problem = undefined;
    try {
      const asked = [readOrder, orderEvents] as const;
      const [order, events, products] = await Promise.all([
        asked[0](this.id, this.board),
        asked[1](this.id, this.board),
        listProducts(),
      ]);
      [this.order, this.events, this.products] = [order, events, products];
    } catch (cause) {
      this.problem = Problem.of(cause);
    }
  }

  submit = (): Promise<void> => this.#take(submitOrder);
  cancel = (): Promise<void> => this.#take(cancelOrder);

  async #take(step: typeof submitOrder): Promise<void> {
    this.busy = true;
    this.fault = null;
    try {
      await step(this.id, this.board);
      await this.load();
    } catch (cause) {
      this.fault = Problem.of(cause).message;
    } finally {
      this.busy = false;
    }
  }

  get product(): string {
    const product = this.products?.data.find(({ id }) => id === this.order?.product);
    return product?.name ?? this.order?.product ?? '';
  }

  /** When a step was taken. */
  at(action: string): string | undefined {
    return this.events.findLast((event) => event.action === action)?.at;
  }
}
