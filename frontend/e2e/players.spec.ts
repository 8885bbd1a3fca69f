import { BoardPage } from './support/board.ts';
import { expect, test } from './support/test.ts';

test('a pasted list becomes players, and undo takes them away @smoke', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.paste('1. Émile Zola\n2) Farid\n• Grace Hopper\n\n- Grace Hopper');
  await expect(board.rows()).toHaveCount(8);
  await expect(board.row('Émile Zola')).toHaveCount(1);
  await expect(board.row('Grace Hopper')).toHaveCount(2);
  // The title had the cursor: the list went to the players, not into it.
  await expect(board.title()).toHaveValue('New board');
  await expect(board.toast()).toContainText('4 players added');
  await board.toast().getByRole('button', { name: 'Undo' }).click();
  await expect(board.rows()).toHaveCount(4);
});

test('one name after the other, with the keyboard alone', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await page.getByRole('button', { name: 'Add players' }).click();
  await page.keyboard.type('Eva');
  await page.keyboard.press('Enter');
  await expect(board.row('Eva')).toBeVisible();
  await page.keyboard.type('Fritz');
  await page.keyboard.press('Enter');
  await expect(board.row('Fritz')).toBeVisible();
  await expect(page.locator('#add-player')).toHaveValue('');
});

test('rename, recolour, remove, and back again with the scores', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana', 2);
  await page.getByRole('button', { name: 'Edit Ana' }).click();
  const dialog = page.getByRole('dialog', { name: 'Player' });
  await dialog.getByLabel('Name').fill('Anastasia');
  await dialog.getByRole('radio', { name: 'vermillion' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(board.row('Anastasia').locator('.vermillion')).toBeVisible();

  await page.getByRole('button', { name: 'Edit Anastasia' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(board.rows()).toHaveCount(3);
  await expect(board.toast()).toContainText('Anastasia removed');
  await board.toast().getByRole('button', { name: 'Undo' }).click();
  await board.expectScore('Anastasia', '2', '1');
});

test('long names and thirty players stay in their place at 320 px', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const board = new BoardPage(page);
  await board.make();
  const long = 'Maximiliane Konstantinopolitanski-Freudenberg zu Hohenstein';
  const names = [long, ...Array.from({ length: 26 }, (_, index) => `Player ${index + 1}`)];
  await board.paste(names.join('\n'));
  await expect(board.rows()).toHaveCount(31);
  await board.tap(long, 1);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(320);
  await board.expectScore(long, '1', '1');
  // A row in flight has fractions.
  const height = async (name: string) =>
    Math.round((await board.row(name).boundingBox())?.height ?? 0);
  expect(await height(long)).toBe(84);
  expect(await height('Ana')).toBe(56);
});

test('three hundred players scroll in a window', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.paste(Array.from({ length: 300 }, (_, index) => `Runner ${index + 1}`).join('\n'));
  await expect(board.table()).toHaveAttribute('aria-rowcount', '305', { timeout: 15_000 });
  expect(await board.rows().count()).toBeLessThan(60);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect(board.row('Runner 300')).toBeVisible();
  expect(await board.rows().count()).toBeLessThan(60);
});
