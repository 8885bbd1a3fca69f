import { expectPublic, ownLinks, visit } from './support/links.ts';
import { BoardPage } from './support/board.ts';
import { expect, test } from './support/test.ts';

/** How long somebody whose link was revoked may go on, in milliseconds. */
const DROPS_WITHIN = 5_000;
/** Soon, but ahead also on a busy machine. */
const ENDS_IN = 2_000;

test('a link to score lets score and nothing else, until it is revoked @smoke', async ({
  page,
  guard,
  another,
}) => {
  guard.allow(/status of 401/);
  const { board, links } = await ownLinks(page);
  await expect(links.row('Owner')).toContainText('This device');
  const address = await links.make('Referee tablet', 'Enter scores');
  expect(address).toContain(`/b/${board.slug}#k=shl_`);
  await expect(links.row('Referee tablet')).toContainText('Can enter scores Never expires');

  const referee = await visit(await (await another()).newPage(), address);
  expect(referee.page.url()).not.toContain('shl_');
  await referee.tap('Ben', 2);
  await referee.expectScore('Ben', '2', '1');
  await expect(referee.chip('Live')).toBeVisible();
  await expect(referee.title()).toHaveCount(0);
  await expect(referee.page.getByRole('heading', { name: 'New board' })).toBeVisible();
  await referee.page.getByRole('button', { name: 'Settings' }).click();
  await expect(referee.page.getByRole('dialog').getByRole('group')).toHaveCount(1);
  await expect(referee.page.getByRole('button', { name: /trash|Who may/ })).toHaveCount(0);
  await referee.page.keyboard.press('Escape');

  await links.revoke('Referee tablet');
  await expect(links.row('Referee tablet')).toContainText('Revoked');
  const revoked = Date.now();
  await expectPublic(referee);
  expect(Date.now() - revoked).toBeLessThan(DROPS_WITHIN);
  await expect(links.page.getByRole('button', { name: 'Edit Referee tablet' })).toHaveCount(0);
  await board.page.goBack();
  await board.expectScore('Ben', '2', '1');
});

test('also where the open page only asks, because other boards hold the streams', async ({
  page,
  guard,
  another,
}) => {
  guard.allow(/status of 401/);
  const { links } = await ownLinks(page);
  const address = await links.make('Referee tablet', 'Enter scores');

  const context = await another();
  for (let stream = 0; stream < 2; stream++) {
    const busy = await context.newPage();
    await busy.goto('/');
    await new BoardPage(busy).make();
  }
  const polls = context.waitForEvent(
    'request',
    (asked) => /events\?/.test(asked.url()) && asked.resourceType() === 'fetch',
  );
  const referee = await visit(await context.newPage(), address);
  await polls;
  await expect(referee.chip('Live')).toBeVisible();
  await links.revoke('Referee tablet');
  const revoked = Date.now();
  await expectPublic(referee);
  expect(Date.now() - revoked).toBeLessThan(DROPS_WITHIN);
});

test('what waits when a link ends is kept, and sent by the next link', async ({
  page,
  guard,
  another,
  request,
}) => {
  guard.allow(/status of 401|net::ERR_/);
  const { board, links } = await ownLinks(page);
  const address = await links.make('Referee tablet', 'Enter scores');
  const away = await another();
  const referee = await visit(await away.newPage(), address);
  await expect(referee.page.locator('.dock')).toBeVisible();
  await expect(referee.chip('Live')).toBeVisible();
  await away.setOffline(true);
  await referee.tap('Cleo', 3);
  await links.revoke('Referee tablet');
  await away.setOffline(false);
  await expect(referee.page.getByRole('alert')).toContainText('3 scores wait here');
  expect(await board.serverTotal(request, 'Cleo')).toBeNull();

  const next = await links.make('Second tablet', 'Enter scores');
  // Over the page that waits, as from an address that was sent.
  await referee.page.evaluate((hash) => (location.hash = hash), new URL(next).hash);
  await expect.poll(() => board.serverTotal(request, 'Cleo')).toBe(3);
  await expect(referee.page.getByRole('alert')).toHaveCount(0);
  await expect(referee.page.locator('.dock')).toBeVisible();
  expect(referee.page.url()).not.toContain('shl_');
});

test('a link that expires under an open page is found out by the next tap', async ({
  page,
  guard,
  another,
  request,
}) => {
  guard.allow(/status of 401/);
  const { board, links } = await ownLinks(page);
  const url = await links.make('Referee tablet', 'Enter scores');
  const referee = await visit(await (await another()).newPage(), url);
  await expect(referee.page.locator('.dock')).toBeVisible();

  const game = `/api/v1/games/${board.slug}`;
  const as = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
  const owner = as(await board.key());
  const listed = (await (await request.get(`${game}/links`, owner)).json()) as {
    data: { id: string; name: string }[];
  };
  const id = listed.data.find(({ name }) => name === 'Referee tablet')?.id;
  const end = { expires_at: new Date(Date.now() + ENDS_IN).toISOString() };
  expect((await request.patch(`${game}/links/${id}`, { ...owner, data: end })).ok()).toBe(true);
  const token = new URL(url).hash.slice('#k='.length);
  await expect.poll(async () => (await request.get(game, as(token))).status()).toBe(401);

  await referee.tap('Dan');
  await expectPublic(referee);
  await expect(referee.page.getByRole('alert')).toContainText('One score waits here');
  expect(await board.serverTotal(request, 'Dan')).toBeNull();
});
