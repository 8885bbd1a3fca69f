import { BoardPage } from './support/board.ts';
import { expect, test } from './support/test.ts';

async function addRound(board: BoardPage, scores: Record<string, string>, name = '') {
  const { page } = board;
  await page.getByRole('button', { name: 'New round' }).first().click();
  const sheet = page.getByRole('dialog', { name: 'New round' });
  if (name) await sheet.getByLabel('Name', { exact: true }).fill(name);
  for (const [player, score] of Object.entries(scores)) {
    await sheet.getByLabel(`Score of ${player}`, { exact: true }).fill(score);
  }
  await sheet.getByRole('button', { name: 'Add round' }).click();
  await expect(sheet).toHaveCount(0);
}

test('a whole round at once, put right later, removed and brought back', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await page.getByRole('link', { name: 'Rounds' }).click();
  await expect(page.getByText('No rounds yet')).toBeVisible();
  await addRound(board, { Ana: '3', Ben: '3', Cleo: '1' });
  await addRound(board, { Ana: '2', Dan: '7' }, 'Final');

  const cells = (player: string) =>
    page
      .getByRole('row')
      .filter({ has: page.getByText(player, { exact: true }) })
      .getByRole('cell');
  await expect(page.getByRole('columnheader')).toHaveText(['Player', 'Total', 'Final', 'Round 1']);
  await expect(cells('Ana')).toHaveText(['5', '2', '3']);
  await expect(cells('Dan')).toHaveText(['7', '7', '']);

  await page.getByRole('button', { name: 'Final' }).click();
  const sheet = page.getByRole('dialog', { name: 'Final' });
  await sheet.getByLabel('Name', { exact: true }).fill('Grand final');
  await sheet.getByLabel('Score of Ana').fill('6');
  await sheet.getByLabel('Score of Ben').fill('4');
  await sheet.getByLabel('Score of Dan').fill('');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await expect(cells('Ana')).toHaveText(['9', '6', '3']);
  await expect(cells('Ben')).toHaveText(['7', '4', '3']);
  await expect(cells('Dan')).toHaveText(['–', '', '']);

  await page.getByRole('button', { name: 'Grand final' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(cells('Ana')).toHaveText(['3', '3']);
  await board.toast().getByRole('button', { name: 'Undo' }).click();
  await expect(cells('Ana')).toHaveText(['9', '6', '3']);
});

test('equal scores share ranks as the board says, and low can lead', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await page.getByRole('link', { name: 'Rounds' }).click();
  await addRound(board, { Ana: '4', Ben: '9', Cleo: '9' });
  await page.getByRole('link', { name: 'Standings' }).click();
  const ranks = () => board.table().locator('.rank').allInnerTexts();
  await expect.poll(ranks).toEqual(['1', '1', '3', expect.stringMatching(/^–/)]);
  await board.setting('Equal scores', '1, 1, 2');
  await expect.poll(ranks).toEqual(['1', '1', '2', expect.stringMatching(/^–/)]);
  await board.setting('Equal scores', '1, 2, 3');
  await expect.poll(ranks).toEqual(['1', '2', '3', expect.stringMatching(/^–/)]);
  await board.setting('Who leads', 'Lowest');
  await expect(board.rows().first()).toContainText('Ana');
  // Nobody without a score has a rank, whichever way it counts.
  await expect(board.rows().last()).toContainText('Dan');
});

test('decimals, steps and a second value', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.setting('Decimal places', '2');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('One tap counts').fill('0.25');
  await page.getByLabel('One tap counts').press('Tab');
  await page.keyboard.press('Escape');
  await board.select('Ana');
  await board.plus('Ana', '0.25').click();
  await board.plus('Ana', '0.25').click();
  await board.expectScore('Ana', '0.50', '1');

  await board.setting('Second value', 'High first');
  await page.getByRole('link', { name: 'Rounds' }).click();
  await page.getByRole('button', { name: 'New round' }).first().click();
  const sheet = page.getByRole('dialog', { name: 'New round' });
  await sheet.getByLabel('Score of Ben').fill('0.5');
  await sheet.getByLabel('Tiebreak of Ben').fill('3');
  await sheet.getByRole('button', { name: 'Add round' }).click();
  await expect(sheet).toHaveCount(0);
  await page.getByRole('link', { name: 'Standings' }).click();
  await board.expectScore('Ben', '0.50', '1');
  await expect(board.row('Ben').locator('.tiebreak')).toHaveText(/3\.00$/);
  await expect(board.row('Ana').locator('.rank')).toHaveText('2');

  await page.getByRole('link', { name: 'Rounds' }).click();
  await page.getByRole('button', { name: 'Round 1' }).click();
  await page.getByLabel('Tiebreak of Ben').fill('-1.5');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('link', { name: 'Standings' }).click();
  await expect(board.row('Ben').locator('.tiebreak')).toHaveText(/-1\.50$/);
});
