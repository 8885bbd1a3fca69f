import { BoardPage } from './support/board.ts';
import { expect, test } from './support/test.ts';

test('those who watch see everything and can change nothing @smoke', async ({ page, another }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana');
  const watching = new BoardPage(await (await another()).newPage());
  await watching.page.goto(`/b/${board.slug}`);
  await watching.expectScore('Ana', '1', '1');
  await expect(watching.page.getByRole('heading', { name: 'New board' })).toBeVisible();
  await expect(watching.page.getByRole('textbox')).toHaveCount(0);
  await expect(watching.page.locator('.dock')).toHaveCount(0);
  const buttons = watching.page.getByRole('button');
  await expect(buttons).toHaveCount(2);
  await expect(watching.page.getByRole('button', { name: 'Share' })).toBeVisible();
  await watching.paste('One\nTwo');
  await expect(watching.rows()).toHaveCount(4);
  await watching.page.getByRole('button', { name: 'Settings' }).click();
  await expect(watching.page.getByRole('group')).toHaveCount(1);
});

test('a link with a key gives the right to edit, and leaves no trace in the address', async ({
  page,
  another,
}) => {
  const board = new BoardPage(page);
  await board.make();
  const key = await board.key();
  expect(key).toMatch(/^shl_/);
  const friend = new BoardPage(await (await another()).newPage());
  await friend.page.goto(`/b/${board.slug}#k=${key}`);
  await expect(friend.title()).toHaveValue('New board');
  expect(friend.page.url()).not.toContain('shl_');
  await friend.tap('Ben');
  await board.expectScore('Ben', '1', '1');
  await friend.page.reload();
  await expect(friend.title()).toBeVisible();
});

test('a key that is no longer valid leaves the public view and says why', async ({
  page,
  guard,
  another,
}) => {
  guard.allow(/status of 401/);
  const board = new BoardPage(page);
  await board.make();
  const stranger = new BoardPage(await (await another()).newPage());
  await stranger.page.goto(`/b/${board.slug}#k=shl_${'0'.repeat(32)}`);
  await expect(stranger.page.getByRole('alert')).toContainText('no longer valid');
  await expect(stranger.rows()).toHaveCount(4);
  await expect(stranger.title()).toHaveCount(0);
});

test('sharing copies a link without the key', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const board = new BoardPage(page);
  await board.make();
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(board.toast()).toContainText('Link copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(page.url());
  expect(copied).not.toContain('shl_');
});

test('a board goes to the trash and comes back whole', async ({ page, guard, another }) => {
  guard.allow(/status of 404/);
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana', 2);
  await expect(board.chip('Live')).toBeVisible();
  const watching = await (await another()).newPage();
  await watching.goto(`/b/${board.slug}`);
  await expect(watching.getByText('Live')).toBeVisible();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Move board to trash' }).click();
  await expect(page.getByRole('heading', { name: 'This board is in the trash' })).toBeVisible();
  await expect(watching.getByRole('heading', { name: 'in the trash' })).toBeVisible();
  await expect(watching.getByRole('button', { name: 'Bring it back' })).toHaveCount(0);
  await page.reload();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await board.expectScore('Ana', '2', '1');
});
