import { BoardPage } from './support/board.ts';
import { expect, test } from './support/test.ts';

test('an address that leads nowhere @smoke', async ({ page }) => {
  await page.goto('/nowhere/at/all');
  await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
  await page.getByRole('button', { name: 'Go to the start' }).click();
  await expect(page.getByRole('button', { name: 'Make a board' })).toBeVisible();
});

test('a board that is not there', async ({ page, guard }) => {
  guard.allow(/status of 404/);
  await page.goto('/b/0000000000');
  await expect(page.getByRole('heading', { name: 'No board here' })).toBeVisible();
});

test('a server that fails or is gone, and comes back', async ({ page, guard, another }) => {
  guard.allow(/status of 500|net::ERR_/);
  const board = new BoardPage(page);
  await board.make();
  const visitor = await (await another()).newPage();
  await visitor.route('**/api/**', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      json: { status: 500, code: 'internal', title: 'Internal', request_id: 'req-42' },
    }),
  );
  await visitor.goto(`/b/${board.slug}`);
  await expect(visitor.getByRole('heading', { name: 'Something went wrong' })).toBeVisible();
  await expect(visitor.getByText('Request req-42')).toBeVisible();

  await visitor.unrouteAll();
  await visitor.route('**/api/**', (route) => route.abort());
  await visitor.getByRole('button', { name: 'Try again' }).click();
  await expect(visitor.getByRole('heading', { name: 'No connection' })).toBeVisible();

  await visitor.unrouteAll();
  await visitor.getByRole('button', { name: 'Try again' }).click();
  await expect(visitor.getByRole('table')).toBeVisible();
});

test('a stream that breaks is told, and heals without a gap', async ({ page, guard, another }) => {
  guard.allow(/net::ERR_/);
  const board = new BoardPage(page);
  await board.make();
  const visitor = await (await another()).newPage();
  let broken = true;
  await visitor.route('**/events?*', (route) => (broken ? route.abort() : route.continue()));
  await visitor.goto(`/b/${board.slug}`);
  await expect(visitor.getByText('Reconnecting')).toBeVisible();
  await board.tap('Ana', 3);
  broken = false;
  await expect(visitor.getByText('Live')).toBeVisible({ timeout: 15_000 });
  await new BoardPage(visitor).expectScore('Ana', '3', '1');
});

test('while the server is being looked after, scores are kept and then sent', async ({
  page,
  guard,
  request,
}) => {
  guard.allow(/status of 503/);
  const board = new BoardPage(page);
  await board.make();
  let resting = true;
  await page.route('**/api/v1/games/*/scores', (route) =>
    resting
      ? route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          body: JSON.stringify({ code: 'maintenance', detail: 'We move house.', status: 503 }),
        })
      : route.continue(),
  );
  await board.tap('Ana', 3);
  await board.expectScore('Ana', '3', '1');
  const notice = page.getByText('Scores are kept on this device until the server takes them again');
  await expect(notice).toContainText('We move house.');
  expect(await board.serverTotal(request, 'Ana')).toBeNull();

  resting = false;
  await expect(notice).toHaveCount(0, { timeout: 15_000 });
  await board.expectScore('Ana', '3', '1');
  await expect.poll(() => board.serverTotal(request, 'Ana')).toBe(3);
});
