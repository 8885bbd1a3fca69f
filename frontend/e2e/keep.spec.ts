import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Page, Route } from '@playwright/test';
import { BoardPage } from './support/board.ts';
import { settled } from './support/look.ts';
import { Person } from './support/people.ts';
import { expect, test } from './support/test.ts';

const offer = (page: Page) => page.getByRole('complementary', { name: 'Keep this board' });
const dialog = (page: Page) => page.getByRole('dialog');

/** A board of the kind that one would be sorry to lose. */
async function play(page: Page): Promise<BoardPage> {
  const board = new BoardPage(page);
  await board.make();
  await page.keyboard.type('Thursday quiz');
  await page.keyboard.press('Enter');
  await board.tap('Ana', 2);
  await expect(offer(page)).toHaveCount(0);
  await board.tap('Ben');
  await expect(offer(page)).toBeVisible();
  return board;
}

test('a board made without an account is kept by one, and scored from elsewhere', async ({
  page,
  guard,
  another,
  request,
}) => {
  test.slow();
  guard.allow(/status of 401/);
  const board = await play(page);
  await offer(page).getByRole('button', { name: 'Keep it' }).click();
  await dialog(page).getByRole('button', { name: 'Create an account' }).click();
  await expect(dialog(page).getByLabel('Your name')).toBeFocused();
  const ana = new Person();
  await ana.fillRegister(page);
  await expect(board.toast()).toContainText('in your account');
  await expect(dialog(page)).toHaveCount(0);
  await expect(offer(page)).toHaveCount(0);
  await expect(page.getByText('Kept', { exact: true })).toBeVisible();

  // Whoever leaves at once takes the score along: it is sent before the right to it is gone.
  const slow = async (route: Route) => {
    if (new URL(page.url()).pathname !== '/account') return;
    await setTimeout(500);
    await route.continue();
  };
  await page.route('**/api/v1/games/*/scores', slow);
  await board.tap('Cleo');
  await ana.logOut(page);
  await page.goto(`/`);
  await expect(page.getByText('Thursday quiz')).toHaveCount(0);

  const phone = await (await another()).newPage();
  await ana.logIn(phone);
  await phone.getByRole('searchbox').fill('QUIZ');
  await phone.getByRole('link', { name: /Thursday quiz/ }).click();
  const there = new BoardPage(phone);
  await expect(there.title()).toHaveValue('Thursday quiz');
  await there.tap('Cleo', 4);
  await there.expectScore('Cleo', '5', '1');
  await expect.poll(() => there.serverTotal(request, 'Cleo')).toBe(5);

  // Whoever sits at the first device can watch, and no more.
  await page.goto(`/b/${there.slug}`);
  await expect(page.getByRole('heading', { name: 'Thursday quiz' })).toBeVisible();
  await expect(page.locator('.dock')).toHaveCount(0);
});

test('the offer never moves what is scored, and a "not now" is remembered', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana', 2);
  const plus = board.plus('Ana');
  const places = async () => {
    await settled(page);
    return [await board.row('Dan').boundingBox(), await plus.boundingBox()];
  };
  const before = await places();
  await plus.click();
  await expect(offer(page)).toBeVisible();
  await plus.click({ clickCount: 3 });
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await places()).toEqual(before);
  await offer(page).getByRole('button', { name: 'Not now' }).click();
  await expect(offer(page)).toHaveCount(0);
  await page.reload();
  await board.expectScore('Ana', '6', '1');
  await expect(page.locator('.dock')).toBeVisible();
  await expect(offer(page)).toHaveCount(0);
  // The way to it stays.
  await page.getByRole('button', { name: /On this device/ }).click();
  await expect(dialog(page).getByRole('heading', { name: 'Mail me the link' })).toBeVisible();
});

test('the link comes by mail, and owns the board', async ({ page, another }) => {
  const board = await play(page);
  const ana = new Person();
  await offer(page).getByRole('button', { name: 'Keep it' }).click();
  await dialog(page).getByRole('button', { name: 'Mail me the link' }).click();
  await dialog(page).getByLabel('Mail address').fill(ana.email);
  await dialog(page).getByRole('button', { name: 'Send the mail' }).click();
  await expect(board.toast()).toContainText(`A mail to ${ana.email} is on its way.`);
  await expect(page.getByText('Kept', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('Kept', { exact: true })).toBeVisible();
  await expect(offer(page)).toHaveCount(0);

  const later = new BoardPage(await (await another()).newPage());
  await later.page.goto(await ana.mailedLink('Your board: Thursday quiz'));
  await expect(later.title()).toHaveValue('Thursday quiz');
});

test('a server that sends no mail says so, and the other ways stay', async ({ page, guard }) => {
  guard.allow(/status of 503/);
  await page.route('**/links/*/mail', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      json: { type: '/problems/mail_disabled', title: 'x', status: 503, code: 'mail_disabled' },
    }),
  );
  await play(page);
  await offer(page).getByRole('button', { name: 'Keep it' }).click();
  await dialog(page).getByRole('button', { name: 'Mail me the link' }).click();
  await dialog(page).getByLabel('Mail address').fill('ana@example.org');
  await dialog(page).getByRole('button', { name: 'Send the mail' }).click();
  await expect(dialog(page).getByRole('alert')).toHaveText(
    'This server sends no mail. Choose another way.',
  );
  await dialog(page).getByRole('button', { name: 'Other ways' }).click();
  await expect(dialog(page).getByRole('button', { name: 'Download the key' })).toBeVisible();
});

test('the key comes as a file that opens the board', async ({ page, another }) => {
  await play(page);
  await offer(page).getByRole('button', { name: 'Keep it' }).click();
  const downloads = page.waitForEvent('download');
  await dialog(page).getByRole('button', { name: 'Download the key' }).click();
  const file = readFileSync(await (await downloads).path(), 'utf8');
  expect(file).toContain('<title>Key to Thursday quiz</title>');
  await expect(page.getByText('Kept', { exact: true })).toBeVisible();
  const link = /href="([^"]+)"/.exec(file)?.[1] ?? '';
  const later = new BoardPage(await (await another()).newPage());
  await later.page.goto(link);
  await expect(later.title()).toHaveValue('Thursday quiz');
});

test('who has an account already saves boards of this device to it', async ({ page }) => {
  const board = await play(page);
  const { slug } = board;
  const ana = new Person();
  await ana.register(page);
  const unsaved = page.getByRole('region', { name: 'On this device only' });
  await unsaved.getByRole('button', { name: 'Save Thursday quiz' }).click();
  await expect(unsaved).toHaveCount(0);
  await page.getByRole('link', { name: /Thursday quiz/ }).click();
  await expect(page).toHaveURL(`/b/${slug}`);
  await expect(page.getByText('Kept', { exact: true })).toBeVisible();
});
