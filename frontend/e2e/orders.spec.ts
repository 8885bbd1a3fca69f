import type { Page } from '@playwright/test';
import { BoardPage } from './support/board.ts';
import { Person } from './support/people.ts';
import type { Server } from './support/server.ts';
import { openShop, operator } from './support/shop.ts';
import { expect, test } from './support/test.ts';

let shop: Server;
test.beforeAll(async () => void (shop = await openShop()));
test.afterAll(() => shop.stop());

/** One dot, red. */
const DOT =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
const accent = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--hue').trim());

/** The number that the customer reads on the page of the order. */
async function numberOf(page: Page): Promise<string> {
  const text = await page.getByText(/^Order SH-/).textContent();
  return text?.replace('Order ', '').trim() ?? '';
}

test('a board without an account is unlocked by its own key @smoke', async ({ another }) => {
  test.slow();
  const here = { baseURL: shop.origin };
  const page = await (await another(here)).newPage();
  const board = new BoardPage(page);
  await board.make();
  const { slug } = board;
  const visitor = await (await another(here)).newPage();
  await visitor.goto(`/b/${slug}`);
  await expect(visitor.getByText('Kept with Scorehold')).toBeVisible();

  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'See the plans' }).click();
  await expect(heading(page, 'Make it yours')).toBeVisible();
  await page.getByRole('button', { name: 'Order Seven-day pass' }).click();
  await page.getByLabel('How many').fill('2');
  await page.getByLabel('Name on the invoice').fill('Reds e.V.');
  await expect(page.getByRole('dialog')).toContainText('€18.00');
  await page.getByRole('button', { name: 'Place the order' }).click();
  await expect(heading(page, 'Waiting for payment')).toBeVisible();
  const number = await numberOf(page);

  const olga = await operator(shop, await (await another(here)).newPage());
  await olga.find(number);
  await olga.pay('no. 4711');
  await olga.fulfil();

  await page.reload();
  await expect(heading(page, 'Unlocked')).toBeVisible();
  await expect(page.getByRole('listitem')).toHaveText([
    /Drafted/,
    /Ordered/,
    /Paid\s+€18.00\s+no. 4711/,
    /Unlocked/,
  ]);
  await page.getByRole('button', { name: 'Invoice' }).click();
  const invoice = page.getByRole('article');
  for (const text of [
    number,
    'Reds e.V.',
    'Scorehold Ltd',
    'Seven-day pass',
    '€9.00',
    'no. 4711',
  ]) {
    await expect(invoice).toContainText(text);
  }
  await expect(invoice.getByRole('row', { name: 'Total' })).toContainText('€18.00');
  await expect(invoice).toContainText('Tax is not computed');
  const paper = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(paper.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);

  await page.goto(`/b/${slug}`);
  await page.getByRole('button', { name: 'Settings' }).click();
  const picture = { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(DOT, 'base64') };
  await page.getByLabel('Logo file').setInputFiles(picture);
  await expect(page.getByRole('button', { name: 'Change the logo' })).toBeVisible();
  await page.getByLabel('Colour', { exact: true }).fill('#0072b2');
  await expect.poll(() => accent(page)).toBe('244');

  await visitor.reload();
  await expect(visitor.locator('header img')).toBeVisible();
  await expect.poll(() => accent(visitor)).toBe('244');
  await expect(visitor.getByText('Kept with Scorehold')).toHaveCount(0);
});

test('a person orders for all boards, and gets the money back', async ({ another }) => {
  test.slow();
  const here = { baseURL: shop.origin };
  const page = await (await another(here)).newPage();
  await new Person().register(page);
  const board = new BoardPage(page);
  await board.make();
  const { slug } = board;
  await page.goto('/plans');
  await page.getByRole('button', { name: 'Order Pro, one month' }).click();
  await expect(page.getByRole('dialog')).toContainText('For every board of Ana');
  await page.getByRole('button', { name: 'Place the order' }).click();
  await expect(heading(page, 'Waiting for payment')).toBeVisible();
  const number = await numberOf(page);

  const olga = await operator(shop, await (await another(here)).newPage());
  await olga.find(number);
  await olga.pay('no. 1');
  await olga.fulfil();
  const visitor = await (await another(here)).newPage();
  await visitor.goto(`/b/${slug}`);
  await expect(visitor.getByRole('table')).toBeVisible();
  await expect(visitor.getByText('Kept with Scorehold')).toHaveCount(0);

  await olga.refund('2.00');
  await expect(olga.dialog()).toContainText('€2.00 went back.');
  await olga.dialog().getByLabel('Give back').fill('10.01');
  await expect(olga.dialog().getByRole('button', { name: 'Note the refund' })).toBeDisabled();
  await olga.refund('10');
  await expect(olga.dialog()).toContainText('There is nothing to do about it.');
  await visitor.reload();
  await expect(visitor.getByText('Kept with Scorehold')).toBeVisible();
  await page.reload();
  await expect(heading(page, 'Refunded')).toBeVisible();
});

test('an order is dropped, and is nobody else’s to see', async ({ another, guard }) => {
  guard.allow(/status of (401|404)/);
  const here = { baseURL: shop.origin };
  const page = await (await another(here)).newPage();
  await new BoardPage(page).make();
  await page.goto('/plans');
  await page.getByRole('button', { name: 'Order Board for ever' }).click();
  await page.getByRole('button', { name: 'Place the order' }).click();
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await expect(heading(page, 'Cancelled')).toBeVisible();
  const stranger = await (await another(here)).newPage();
  await stranger.goto(page.url());
  await expect(heading(stranger, 'This order is not yours')).toBeVisible();
  await stranger.goto('/operator');
  await expect(stranger.getByText('Log in to look after payments.')).toBeVisible();
});

test('where nothing is sold everything is included', async ({ page }) => {
  await page.goto('/plans');
  await expect(heading(page, 'Everything is included')).toBeVisible();
  const board = new BoardPage(page);
  await board.make();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('button', { name: 'Choose a logo' })).toBeVisible();
});
