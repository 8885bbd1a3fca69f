import type { Request } from '@playwright/test';
import { BoardPage } from './support/board.ts';
import { expect, test } from './support/test.ts';

const SCORES = '**/api/v1/games/*/scores';

test.beforeEach(({ guard }) => {
  // The browser reports every request that the network swallows.
  guard.allow(/net::ERR_(INTERNET_DISCONNECTED|FAILED|CONNECTION)/);
});

test('five taps offline show at once and arrive exactly once', async ({
  page,
  context,
  request,
}) => {
  const board = new BoardPage(page);
  await board.make();
  await context.setOffline(true);
  await board.tap('Ana', 5);
  await board.expectScore('Ana', '5', '1');
  await expect(board.chip('Offline, 5 waiting')).toBeVisible();
  expect(await board.serverTotal(request, 'Ana')).toBeNull();
  await context.setOffline(false);
  await expect.poll(() => board.serverTotal(request, 'Ana'), { timeout: 10_000 }).toBe(5);
  await expect(board.chip('Live')).toBeVisible({ timeout: 10_000 });
  await board.expectScore('Ana', '5', '1');
});

test('a reply lost twice still counts one', async ({ page, request }) => {
  const board = new BoardPage(page);
  await board.make();
  let lost = 0;
  await page.route(SCORES, async (route) => {
    if (lost++ >= 2) return route.continue();
    // The server has it; the phone never hears of it.
    await route.fetch();
    await route.abort();
  });
  await board.tap('Ana');
  await board.expectScore('Ana', '1', '1');
  await expect.poll(() => lost).toBe(3);
  await expect(board.chip(/Sent|Live/)).toBeVisible();
  await board.expectScore('Ana', '1', '1');
  expect(await board.serverTotal(request, 'Ana')).toBe(1);
});

test('a tab closed in the middle of its queue loses nothing', async ({
  page,
  context,
  request,
}) => {
  const board = new BoardPage(page);
  await board.make();
  await page.route(SCORES, (route) => route.abort());
  await board.tap('Ana', 5);
  await board.expectScore('Ana', '5', '1');
  await expect.poll(() => queued(board)).toBe(5);
  const { slug } = board;
  await page.close();

  const next = new BoardPage(await context.newPage());
  await next.page.goto(`/b/${slug}`);
  await next.expectScore('Ana', '5', '1');
  await expect.poll(() => next.serverTotal(request, 'Ana')).toBe(5);
  await expect.poll(() => queued(next)).toBe(0);
});

test('what the server refuses stays visible until a person decides', async ({ page, guard }) => {
  guard.allow(/status of 422/);
  const board = new BoardPage(page);
  await board.make();
  await page.route(SCORES, (route) =>
    route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      json: { type: '/problems/x', title: 'x', status: 422, code: 'x', detail: 'Not like this.' },
    }),
  );
  await board.tap('Ana');
  await page.getByRole('button', { name: '1 not sent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Could not be sent' });
  await expect(dialog).toContainText('Ana +1');
  await expect(dialog).toContainText('Not like this.');
  await page.unroute(SCORES);
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(dialog).toHaveCount(0);
  await board.expectScore('Ana', '1', '1');
});

test('eight tabs hold few streams, so that a tap in the last is answered at once', async ({
  page,
  context,
  request,
}) => {
  test.slow();
  const streams = new Set<Request>();
  context.on('request', (asked) => asked.resourceType() === 'eventsource' && streams.add(asked));
  context.on('requestfailed', (asked) => streams.delete(asked));
  context.on('requestfinished', (asked) => streams.delete(asked));

  const first = new BoardPage(page);
  await first.make();
  const tabs = [first];
  for (let tab = 0; tab < 4; tab++) {
    tabs.push(new BoardPage(await context.newPage()));
    await tabs.at(-1)?.page.goto(`/b/${first.slug}`);
  }
  for (let tab = 0; tab < 3; tab++) {
    tabs.push(new BoardPage(await context.newPage()));
    await tabs.at(-1)?.make();
  }
  expect(streams.size).toBeGreaterThan(0);
  expect(streams.size).toBeLessThanOrEqual(2);
  const last = tabs.at(-1) as BoardPage;
  const answered = last.page.waitForResponse(SCORES);
  await last.page.evaluate(() => {
    addEventListener('pointerdown', () => performance.mark('tap'), { once: true, capture: true });
  });
  await last.plus('Ana').click();
  expect((await answered).status()).toBe(201);
  const took = () =>
    last.page.evaluate(() => {
      const sent = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      const answer = sent.findLast(({ name }) => name.endsWith('/scores'))?.responseEnd ?? Infinity;
      return answer - (performance.getEntriesByName('tap')[0]?.startTime ?? 0);
    });
  await expect.poll(took).toBeLessThan(1_000);

  await first.page.bringToFront();
  await first.tap('Ben', 2);
  await expect.poll(() => first.serverTotal(request, 'Ben')).toBe(2);
  await tabs[4]?.page.bringToFront();
  await tabs[4]?.expectScore('Ben', '2', '1');
});

function queued(board: BoardPage): Promise<number> {
  return board.page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('scorehold');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const count = opening.result.transaction('outbox').objectStore('outbox').count();
          count.onsuccess = () => resolve(count.result);
          opening.result.close();
        };
      }),
  );
}
