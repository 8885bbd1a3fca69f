import { BoardPage } from './support/board.ts';
import { Person } from './support/people.ts';
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

test('whoever logs in on a foreign host stays logged in, without a cookie', async ({
  page,
  baseURL,
  guard,
}) => {
  guard.allow(/status of 401/);
  const host = await hostStatically(baseURL ?? '');
  try {
    const ana = new Person();
    await page.goto(`${host.origin}/account/register`);
    await ana.fillRegister(page);
    await page.getByRole('button', { name: 'New board' }).click();
    const board = new BoardPage(page);
    await expect(board.chip('Live')).toBeVisible();
    expect(await page.context().cookies()).toEqual([]);
    await page.reload();
    await expect(board.chip('Live')).toBeVisible();
    await board.tap('Ana', 2);
    await board.expectScore('Ana', '2', '1');
    await page.goto(`${host.origin}/account`);
    await page.getByRole('button', { name: 'Log out', exact: true }).click();
    await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
    expect(await page.evaluate(() => localStorage.getItem('scorehold.refresh'))).toBeNull();
  } finally {
    host.close();
  }
});
