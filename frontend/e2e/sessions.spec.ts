import type { Page } from '@playwright/test';
import { BoardPage } from './support/board.ts';
import { Person } from './support/people.ts';
import { expect, test } from './support/test.ts';

const REFRESH = '**/api/v1/auth/refresh';

test('a device that is logged out elsewhere drops to the log-in, its scores wait', async ({
  page,
  guard,
  another,
  request,
}) => {
  guard.allow(/status of 401|net::ERR_/);
  const ana = new Person();
  await ana.register(page);
  await page.getByRole('button', { name: 'New board' }).click();
  const board = new BoardPage(page);
  await expect(board.chip('Live')).toBeVisible();

  const away = await another();
  const tablet = new BoardPage(await away.newPage());
  await ana.logIn(tablet.page);
  await tablet.page.getByRole('link', { name: /New board/ }).click();
  await expect(tablet.chip('Live')).toBeVisible();
  await tablet.tap('Ana', 2);
  await expect.poll(() => tablet.serverTotal(request, 'Ana')).toBe(2);
  await away.setOffline(true);
  await tablet.tap('Ana', 3);

  await page.goto('/account');
  const devices = page.getByRole('region', { name: 'Devices' });
  await expect(devices.getByRole('listitem')).toHaveCount(2);
  await expect(devices.getByRole('listitem').first()).toContainText('This device');
  await devices.getByRole('button', { name: /Log out/ }).click();
  await expect(devices.getByRole('listitem')).toHaveCount(1);
  await away.setOffline(false);

  await expect(tablet.page.getByRole('alert')).toContainText('3 scores wait here');
  await expect(tablet.page.locator('.dock')).toHaveCount(0);
  await expect(tablet.rows()).toHaveCount(4);
  expect(await tablet.serverTotal(request, 'Ana')).toBe(2);
  await tablet.page.getByRole('link', { name: 'Log in' }).click();
  await ana.fillLogIn(tablet.page);
  await expect(tablet.page.locator('.dock')).toBeVisible();
  await expect.poll(() => tablet.serverTotal(request, 'Ana')).toBe(5);
});

test('offline beyond the token, the answer to its renewal lost: exactly +5', async ({
  page,
  context,
  guard,
  request,
}) => {
  guard.allow(/status of 401|net::ERR_/);
  await page.clock.install();
  const ana = new Person();
  await ana.register(page);
  await page.getByRole('button', { name: 'New board' }).click();
  const board = new BoardPage(page);
  await expect(board.chip('Live')).toBeVisible();
  await context.setOffline(true);
  await board.tap('Ana', 5);
  await expect(board.chip('Offline, 5 waiting')).toBeVisible();
  await page.clock.fastForward('11:00');

  let renewals = 0;
  await page.route(REFRESH, async (route) => {
    if (renewals++ > 0) return route.continue();
    // The server has replaced the token; the phone never hears of it.
    await route.fetch();
    await route.abort();
  });
  await context.setOffline(false);
  await expect
    .poll(() => page.clock.runFor(1_000).then(() => board.serverTotal(request, 'Ana')))
    .toBe(5);
  expect(renewals).toBeGreaterThan(1);
  await board.expectScore('Ana', '5', '1');
  await page.reload();
  await board.expectScore('Ana', '5', '1');
  await expect(page.locator('.dock')).toBeVisible();
});

test('an open page drops by itself when its device is logged out elsewhere', async ({
  page,
  guard,
  another,
}) => {
  guard.allow(/status of 401/);
  const ana = new Person();
  await ana.register(page);
  await page.getByRole('button', { name: 'New board' }).click();
  await expect(new BoardPage(page).chip('Live')).toBeVisible();

  const tablet = await (await another()).newPage();
  await ana.logIn(tablet);
  const ticket = tablet.waitForResponse('**/events/ticket');
  await tablet.getByRole('link', { name: /New board/ }).click();
  expect((await ticket).status()).toBe(201);
  await expect(tablet.locator('.dock')).toBeVisible();
  await expect(new BoardPage(tablet).chip('Live')).toBeVisible();

  await page.goto('/account');
  await page.getByRole('region', { name: 'Devices' }).getByRole('button').click();
  // The server asks at least every 15 s whether who listens still may.
  await expect(tablet.locator('.dock')).toHaveCount(0, { timeout: 25_000 });
  await expect(tablet.getByRole('alert')).toContainText('You are logged out on this device');
  await expect(new BoardPage(tablet).chip('Live')).toBeVisible();
});

test('tabs renew their tokens one after the other', async ({ page, context }) => {
  await new Person().register(page);
  let asked = 0;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await context.route(REFRESH, async (route) => {
    asked++;
    await held;
    await route.continue();
  });
  const second = await context.newPage();
  await Promise.all([page.reload(), second.goto('/boards')]);
  await expect.poll(() => waitingTabs(page)).toBe(1);
  expect(asked).toBe(1);
  release();
  await expect(page.getByText('No boards yet')).toBeVisible();
  await expect(second.getByText('No boards yet')).toBeVisible();
  expect(asked).toBe(2);
});

const waitingTabs = (page: Page) =>
  page.evaluate(async () => {
    const { pending = [] } = await navigator.locks.query();
    return pending.filter(({ name }) => name === 'scorehold.renew').length;
  });
