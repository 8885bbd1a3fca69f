import { expect, it } from 'vitest';
import { placeOf } from './paths';
import { shopPaths, shopPlaceOf } from './shop-paths';

const ORDER = 'ord_0C5Q0ZJ8G0N3E';

it('reads every address it writes', () => {
  const written = [
    [shopPaths.plans(), { at: 'plans', board: null }],
    [shopPaths.plans('d3m0b04rd0'), { at: 'plans', board: 'd3m0b04rd0' }],
    [shopPaths.order(ORDER, null), { at: 'order', order: ORDER, board: null, view: 'status' }],
    [
      shopPaths.invoice(ORDER, 'd3m0b04rd0'),
      { at: 'order', order: ORDER, board: 'd3m0b04rd0', view: 'invoice' },
    ],
    [shopPaths.invoice(ORDER, null), { at: 'order', order: ORDER, board: null, view: 'invoice' }],
    [shopPaths.operator(), { at: 'operator' }],
  ] as const;
  for (const [path, place] of written) {
    expect(placeOf(path)).toEqual({ page: 'shop', path });
    expect(shopPlaceOf(path)).toEqual(place);
  }
});

it.each(['/orders', '/orders/x', '/plans/x/y', '/operator/x'])('knows nothing of %s', (path) => {
  expect(shopPlaceOf(path)).toEqual({ at: 'lost' });
});
