import { BoardPage } from './support/board.ts';
import { LOOKS, cleanAndFits } from './support/look.ts';
import type { Server } from './support/server.ts';
import { openShop, operator } from './support/shop.ts';
import { expect, test } from './support/test.ts';

let shop: Server;
test.beforeAll(async () => void (shop = await openShop()));
test.afterAll(() => shop.stop());

for (const { scheme: colorScheme, device } of LOOKS) {
  const width = device === 'phone' ? 320 : 1280;
  test(`every page about money is clean for axe: ${colorScheme}, ${width} @look`, async ({
    another,
  }) => {
    test.slow();
    const reducedMotion = 'reduce' as const;
    const viewport = { width, height: 800 };
    const here = { baseURL: shop.origin, colorScheme, viewport, reducedMotion };
    const page = await (await another(here)).newPage();
    await new BoardPage(page).make();
    await page.goto('/plans');
    await expect(page.getByRole('heading', { name: 'Make it yours' })).toBeVisible();
    await cleanAndFits(page, 'plans');
    await page.getByRole('button', { name: 'Order Seven-day pass' }).click();
    await expect(page.locator('dialog:modal')).toBeVisible();
    await cleanAndFits(page, 'an order is made');
    await page.getByLabel('Name on the invoice').fill('Reds of Leagueton and Friends e.V.');
    await page.getByRole('button', { name: 'Place the order' }).click();
    await expect(page.getByRole('heading', { name: 'Waiting for payment' })).toBeVisible();
    await cleanAndFits(page, 'order');
    await page.getByRole('button', { name: 'Invoice' }).click();
    await expect(page.getByRole('article')).toBeVisible();
    await cleanAndFits(page, 'invoice');

    const olga = await operator(shop, await (await another(here)).newPage());
    await olga.page.goto('/operator');
    await expect(olga.page.getByRole('main').getByRole('listitem').first()).toBeVisible();
    await cleanAndFits(olga.page, 'payments');
    await olga.page
      .getByRole('button', { name: /^Order SH-/ })
      .first()
      .click();
    await expect(olga.page.locator('dialog:modal')).toBeVisible();
    await cleanAndFits(olga.page, 'a payment');
  });
}
