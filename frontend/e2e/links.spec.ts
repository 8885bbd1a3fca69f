import { BoardPage } from './support/board.ts';
import { expectPublic, LinksPage, ownLinks, visit } from './support/links.ts';
import { expect, test } from './support/test.ts';

test('a renewed link works by its new address only', async ({ page, guard, another }) => {
  guard.allow(/status of 401/);
  const { links } = await ownLinks(page);
  const old = await links.make('Co-host', 'Own');
  const renewed = await links.renew('Co-host');
  expect(renewed).not.toBe(old);

  const late = await visit(await (await another()).newPage(), old);
  await expectPublic(late);
  const host = await visit(await (await another()).newPage(), renewed);
  await expect(host.title()).toHaveValue('New board');
  await new LinksPage(host).open();
});

test('the link of this device cannot lock its owner out', async ({ page }) => {
  const { links } = await ownLinks(page);
  await expect(links.row('Owner')).toContainText('This device');
  await links.edit('Owner');
  await expect(links.dialog()).toContainText('This device comes by it');
  await expect(links.dialog().getByRole('button', { name: 'Renew' })).toHaveCount(0);
});

test('the last link that owns the board stays', async ({ page, guard }) => {
  guard.allow(/status of 409/);
  const { links } = await ownLinks(page);
  await links.revoke('Owner');
  await expect(links.dialog().getByRole('alert')).toContainText(
    'the last link that owns the board',
  );
  await links.dialog().getByRole('button', { name: 'Keep it as it is' }).click();
  await links.dialog().getByRole('radio', { name: '1 day' }).check();
  await links.dialog().getByRole('button', { name: 'Save' }).click();
  await expect(links.dialog().getByRole('alert')).toContainText(
    'the last link that owns the board',
  );
  await page.keyboard.press('Escape');
  await expect(links.row('Owner')).toContainText('Never expires');

  await links.make('Co-host', 'Own');
  await links.revoke('Owner');
  await expect(page.getByRole('heading', { name: 'Links are for the owner' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('no longer valid');
  guard.allow(/status of 401/);
});

test('a link is named and limited, and shows when it ends', async ({ page }) => {
  const { links } = await ownLinks(page);
  await links.make('Tablet', 'Look', '1 day');
  await expect(links.row('Tablet')).toContainText(/Can look Expires (tomorrow|in 23 hours)/);
  await links.edit('Tablet');
  await links.dialog().getByLabel('What for').fill('Screen in the hall');
  await links.dialog().getByRole('radio', { name: '1 week' }).check();
  await links.dialog().getByRole('button', { name: 'Save' }).click();
  await expect(links.row('Screen in the hall')).toContainText(/Expires (next week|in 6 days)/);
  await expect(page.getByRole('button', { name: 'Edit Screen in the hall' })).toBeFocused();

  await links.edit('Screen in the hall');
  await links.dialog().getByLabel('Date and time').fill('2020-01-01T10:00');
  await expect(links.dialog().getByRole('button', { name: 'Save' })).toBeDisabled();
});

test('an owner who tries a link of theirs stays the owner', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  const own = await board.key();
  const links = new LinksPage(board);
  await links.open();
  const address = await links.make('Screen', 'Look');
  await page.goto('/');
  await page.goto(address);
  await expect(board.title()).toBeVisible();
  expect(await board.key()).toBe(own);
});

test('only an owner sees the links', async ({ page, another }) => {
  const { board, links } = await ownLinks(page);
  const address = await links.make('Friend', 'Enter scores');
  const friend = await (await another()).newPage();
  await visit(friend, address);
  await friend.goto(`/b/${board.slug}/links`);
  await expect(friend.getByRole('heading', { name: 'Links are for the owner' })).toBeVisible();
  await expect(friend.getByRole('listitem')).toHaveCount(0);
  await friend.getByRole('button', { name: 'Go to the standings' }).click();
  await expect(friend.locator('.dock')).toBeVisible();
});

test('links that cannot be read say so, and try again', async ({ page, guard }) => {
  guard.allow(/status of 500/);
  const board = new BoardPage(page);
  await board.make();
  await page.route('**/links?*', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      json: { status: 500, code: 'internal', title: 'Internal error' },
    }),
  );
  await page.goto(`/b/${board.slug}/links`);
  await expect(page.getByRole('alert')).toContainText('The links could not be read');
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(new LinksPage(board).row('Owner')).toBeVisible();
});

test('an address is copied, and found again for this device', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { board, links } = await ownLinks(page);
  await page.getByRole('button', { name: /QR code .* of Owner/ }).click();
  await expect(links.dialog().getByRole('img', { name: 'QR code of Owner' })).toBeVisible();
  await links.dialog().getByRole('button', { name: 'Copy' }).click();
  await expect(links.dialog().getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(`${new URL(page.url()).origin}/b/${board.slug}#k=${await board.key()}`);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /QR code .* of Owner/ })).toBeFocused();
});

test('sharing leads an owner to more links', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const board = new BoardPage(page);
  await board.make();
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'More links' }).click();
  await expect(new LinksPage(board).row('Owner')).toBeVisible();
});
