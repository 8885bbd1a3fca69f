import { BoardPage } from './support/board.ts';
import { PHONE } from './support/browser.ts';
import { HistoryPage } from './support/history.ts';
import { LinksPage, visit } from './support/links.ts';
import { expect, test } from './support/test.ts';
import type { Page } from '@playwright/test';

/** A board with some taps, and its owner on the page of its history. */
async function withHistory(page: Page) {
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana', 2);
  await board.tap('Ben', 3);
  await expect(board.chip('Live')).toBeVisible();
  await expect.poll(() => board.serverTotal(page.request, 'Ben')).toBe(3);
  const history = new HistoryPage(board);
  await history.open();
  return { board, history };
}

test('who changed what stands there in plain words, and goes back one by one', async ({ page }) => {
  const { board, history } = await withHistory(page);
  await expect(history.changes().first()).toContainText('Owner gave Ben +1, now 3');
  await expect(history.change('made the board')).toHaveCount(1);
  await history.undo('gave Ben +1, now 2');
  await expect(board.toast()).toContainText('is undone');
  await board.expectScore('Ben', '2');
  await expect(history.change('Ben +1, now 2')).toContainText('taken back by change');
  await board.toast().getByRole('button', { name: 'Undo' }).click();
  await board.expectScore('Ben', '3');
  await expect(history.change('Ben +1, now 2')).not.toContainText('taken back');
});

test('a link that leaked overwrites a board, and its owner undoes that link alone @smoke', async ({
  page,
  another,
}) => {
  // Two people and a whole story: longer than other flows.
  test.slow();
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana', 2);
  await expect.poll(() => board.serverTotal(page.request, 'Ana')).toBe(2);
  const links = new LinksPage(board);
  await links.open();
  const address = await links.make('Referee tablet', 'Enter scores');

  const thief = await visit(await (await another()).newPage(), address);
  await thief.tap('Ben', 5);
  await thief.tap('Ana', 3);
  await expect.poll(() => board.serverTotal(page.request, 'Ana')).toBe(5);

  await page.reload();
  await expect(links.row('Referee tablet')).toBeVisible();
  await links.row('Referee tablet').getByRole('link', { name: 'What it did' }).click();
  const history = new HistoryPage(board);
  await expect(history.changes()).toHaveCount(8);
  await page.getByRole('button', { name: 'Undo everything of Referee tablet' }).click();
  await expect(history.dialog()).toContainText('8 changes are taken back');
  await history.dialog().getByRole('button', { name: 'Undo 8 changes' }).click();
  await expect(history.dialog()).toHaveCount(0);
  await board.expectScore('Ana', '2');
  await expect(board.row('Ben').locator('.total')).not.toContainText('5');
  await expect(history.changes().first()).toContainText('taken back');
});

test('the slider shows any moment, the board goes back there, and forward again', async ({
  page,
  another,
}) => {
  const { board, history } = await withHistory(page);
  const other = new BoardPage(await (await another()).newPage());
  await other.make();
  await other.tap('Cleo', 4);
  await expect.poll(() => other.serverTotal(page.request, 'Cleo')).toBe(4);

  await expect(history.moment()).toContainText('Now');
  await history.slider().focus();
  await page.keyboard.press('ArrowLeft');
  await board.expectScore('Ben', '2');
  await expect(history.slider()).toHaveAttribute('aria-valuetext', /after change \d+ of \d+/);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('table', { name: 'Standings then' })).toBeVisible();
  await board.expectScore('Ana', '2');
  await expect(board.row('Ben').locator('.rank')).toContainText('no rank');

  await page.getByRole('button', { name: 'Go back to this moment' }).click();
  await expect(board.toast()).toContainText('The board is as it was');
  await expect(page.getByRole('table', { name: 'Standings now' })).toBeVisible();
  await expect(board.row('Ben').locator('.rank')).toContainText('no rank');
  await expect(history.changes().first()).toContainText('went back to change');
  expect(await board.serverTotal(page.request, 'Ben')).toBe(null);
  await board.toast().getByRole('button', { name: 'Undo' }).click();
  await board.expectScore('Ben', '3');
  expect(await other.serverTotal(page.request, 'Cleo')).toBe(4);
});

test('those who watch look back too, and change nothing', async ({ page, another }) => {
  const { board } = await withHistory(page);
  const visitor = await (await another()).newPage();
  await visitor.goto(`/b/${board.slug}/history`);
  const history = new HistoryPage(new BoardPage(visitor));
  await history.slider().focus();
  await visitor.keyboard.press('Home');
  await expect(visitor.getByText('Nobody was on the board yet.')).toBeVisible();
  await expect(history.changes()).toHaveCount(0);
  await expect(visitor.getByRole('button', { name: 'Go back to this moment' })).toHaveCount(0);
});

test('a scorer reads and undoes what they did themselves', async ({ page, another }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana');
  const links = new LinksPage(board);
  await links.open();
  const address = await links.make('Tablet', 'Enter scores');
  const scorer = await visit(await (await another()).newPage(), address);
  await scorer.tap('Ben');
  await expect.poll(() => board.serverTotal(page.request, 'Ben')).toBe(1);
  const history = new HistoryPage(scorer);
  await history.open();
  await expect(history.changes()).toHaveCount(1);
  await history.undo('gave Ben +1');
  await expect.poll(() => board.serverTotal(page.request, 'Ben')).toBe(null);
  expect(await board.serverTotal(page.request, 'Ana')).toBe(1);
});

test.describe('on a narrow screen', () => {
  test.use({ ...PHONE, viewport: { width: 320, height: 700 } });

  test('nothing of the history is cut off', async ({ page }) => {
    const { history } = await withHistory(page);
    await history.slider().focus();
    await page.keyboard.press('Home');
    await expect(page.getByText('Nobody was on the board yet.')).toBeVisible();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });
});
