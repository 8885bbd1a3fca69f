import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';
import { BoardPage } from './support/board.ts';

/** From the click to the frame in which everything to edit stands there, in milliseconds. */
async function oneClick(page: Page): Promise<number> {
  await page.goto('/');
  await page.evaluate(() => {
    const editable = () =>
      document.activeElement?.getAttribute('aria-label') === 'Board title' &&
      document.querySelectorAll('[data-flip]').length === 4 &&
      document.querySelector('button[aria-label="Ana +1"]') !== null;
    addEventListener('click', () => performance.mark('clicked'), { once: true, capture: true });
    const look = () =>
      editable() ? performance.measure('one-click', 'clicked') : requestAnimationFrame(look);
    requestAnimationFrame(look);
  });
  await page.getByRole('button', { name: 'Make a board' }).click();
  const took = () =>
    page.evaluate(() => performance.getEntriesByName('one-click')[0]?.duration ?? Infinity);
  await expect.poll(took).toBeLessThan(Infinity);
  return took();
}

test('one click: a board to edit within a second, the cursor in its title @smoke', async ({
  page,
}) => {
  // The best of three: a machine that is busy with other work may be slow once.
  const times: number[] = [];
  do times.push(await oneClick(page));
  while (Math.min(...times) >= 1_000 && times.length < 3);
  expect(Math.min(...times)).toBeLessThan(1_000);

  // Typing replaces the sample title.
  const board = new BoardPage(page);
  await page.keyboard.type('Friday darts');
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle('Friday darts · Scorehold');
  await expect(page).toHaveURL(/\/b\/[0-9a-z]{10}$/);

  await page.reload();
  await expect(board.title()).toHaveValue('Friday darts');
  await board.tap('Ana');
  await board.expectScore('Ana', '1', '1');
});

test('a second click while the first is under way makes no second board', async ({ page }) => {
  let boards = 0;
  await page.route('**/api/v1/games', async (route) => {
    boards++;
    await route.continue();
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Make a board' }).dblclick();
  await expect(page.getByLabel('Board title')).toBeFocused();
  expect(boards).toBe(1);
});
