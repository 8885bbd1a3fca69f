import { BoardPage } from './support/board.ts';
import { hostStatically } from './support/static-host.ts';
import { expect, test } from './support/test.ts';

test('the app on a foreign host drives the same server', async ({ page, baseURL, another }) => {
  const host = await hostStatically(baseURL ?? '');
  try {
    const board = new BoardPage(page);
    await page.goto(host.origin);
    await page.getByRole('button', { name: 'Make a board' }).click();
    await expect(board.title()).toBeFocused();
    await expect(board.chip('Live')).toBeVisible();
    await board.tap('Ana', 2);
    await board.expectScore('Ana', '2', '1');

    const watching = new BoardPage(await (await another()).newPage());
    await watching.page.goto(`${baseURL}/b/${board.slug}`);
    await watching.expectScore('Ana', '2', '1');
    await page.reload();
    await expect(board.title()).toBeVisible();
  } finally {
    host.close();
  }
});
