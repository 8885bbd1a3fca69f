import { BoardPage } from './support/board.ts';
import { PHONE } from './support/browser.ts';
import { changeTerms, invite, join } from './support/join.ts';
import { ownLinks } from './support/links.ts';
import { expect, test } from './support/test.ts';

/** How long a newcomer takes to be seen, and one whose seat is revoked to go, in milliseconds. */
const SOON = 5_000;

test('people join by a code, and score for themselves and for nobody else @smoke', async ({
  page,
  guard,
  another,
  request,
}) => {
  guard.allow(/status of 401/);
  const { board, links } = await ownLinks(page);
  const address = await invite(links, 'At once', 'Enter own scores');
  expect(address).toContain(`/b/${board.slug}/join#k=shl_`);

  const phone = await another(PHONE);
  const zoe = await join(await phone.newPage(), address, 'Zoe');
  await expect(zoe.row('Zoe')).toContainText('You');
  await expect(links.row('Zoe')).toContainText('Plays on this board', { timeout: SOON });
  expect(zoe.page.url()).toMatch(new RegExp(`/b/${board.slug}$`));

  // The dock is one's own: nobody else can be picked, nothing else can be changed.
  await zoe.plus('Zoe').click();
  await zoe.plus('Zoe').click();
  await zoe.expectScore('Zoe', '2', '1');
  await expect.poll(() => board.serverTotal(request, 'Zoe')).toBe(2);
  await expect(zoe.page.getByRole('button', { name: 'Ana', exact: true })).toHaveCount(0);
  await expect(zoe.page.getByRole('button', { name: /^Edit (?!Zoe)/ })).toHaveCount(0);
  await expect(zoe.page.getByLabel('Add a player')).toHaveCount(0);
  await expect(zoe.title()).toHaveCount(0);

  // Off line taps wait as everybody's do.
  await expect(zoe.chip('Live')).toBeVisible();
  await phone.setOffline(true);
  guard.allow(/net::ERR_/);
  await zoe.plus('Zoe').click();
  await zoe.expectScore('Zoe', '3');
  await phone.setOffline(false);
  await expect.poll(() => board.serverTotal(request, 'Zoe')).toBe(3);
  await page.reload();
  await expect(links.row('Zoe')).toContainText('last change');

  await links.revoke('Zoe');
  await expect(links.row('Zoe')).toContainText('Revoked');
  const revoked = Date.now();
  await expect(zoe.page.getByRole('alert')).toContainText('no longer valid');
  await expect(zoe.page.locator('.dock')).toHaveCount(0);
  expect(Date.now() - revoked).toBeLessThan(SOON);
  await zoe.expectScore('Zoe', '3', '1');
});

test('whoever waits is let in by the owner, and goes on by themselves', async ({
  page,
  guard,
  another,
}) => {
  guard.allow(/status of (401|409)/);
  const { board, links } = await ownLinks(page);
  const address = await invite(links, 'If I approve', 'Only watch');
  const context = await another(PHONE);
  const zoe = await join(await context.newPage(), address, 'Zoe');
  await expect(zoe.page.getByRole('main').getByRole('status')).toContainText(
    'Zoe, you are on the list',
  );
  await expect(page.getByRole('button', { name: 'Approve Zoe' })).toBeVisible({ timeout: SOON });
  // A page that was closed meanwhile finds its place again.
  await zoe.page.reload();
  await expect(zoe.page.getByRole('main').getByRole('status')).toContainText('on the list');
  await page.getByRole('button', { name: 'Approve Zoe' }).click();
  await expect(zoe.row('Zoe')).toContainText('You');
  await expect(zoe.page.locator('.dock')).toHaveCount(0);
  await expect(links.row('Zoe')).toContainText('Plays on this board');

  const eve = await join(await (await another(PHONE)).newPage(), address, 'Eve');
  await expect(page.getByRole('button', { name: 'Decline Eve' })).toBeVisible({ timeout: SOON });
  await page.getByRole('button', { name: 'Decline Eve' }).click();
  await expect(eve.page.getByRole('heading', { name: 'did not let you in' })).toBeVisible();
  await eve.page.getByRole('button', { name: 'Look at the board' }).click();
  await expect(eve.row('Zoe')).toBeVisible();
  await expect(eve.row('Eve')).toHaveCount(0);
  expect(new URL(eve.page.url()).pathname).toBe(`/b/${board.slug}`);
});

test('a player changes the own name and colour, and scores as soon as the owner allows it', async ({
  page,
  another,
}) => {
  const { links } = await ownLinks(page);
  const address = await invite(links, 'At once', 'Only watch');
  const zoe = await join(await (await another(PHONE)).newPage(), address, 'Zoe');
  await zoe.page.getByRole('button', { name: 'Edit Zoe' }).click();
  const dialog = zoe.page.getByRole('dialog', { name: 'You' });
  await dialog.getByLabel('Name').fill('Zoë');
  await dialog.getByRole('radio', { name: 'green' }).check({ force: true });
  await expect(dialog.getByRole('button', { name: 'Remove' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(zoe.row('Zoë')).toContainText('You');
  await expect(zoe.row('Zoë').locator('.green')).toBeVisible();
  await expect(zoe.page.locator('.dock')).toHaveCount(0);

  await changeTerms(links, 'At once', 'Enter own scores');
  await zoe.plus('Zoë').click();
  await zoe.expectScore('Zoë', '1', '1');
});

test('a closed door says so, and the owner stays the owner', async ({ page, guard, another }) => {
  guard.allow(/status of (401|409)/);
  const { board, links } = await ownLinks(page);
  const address = await invite(links, 'At once', 'Only watch');
  await changeTerms(links, 'Nobody new', 'Only watch');
  const zoe = await join(await (await another(PHONE)).newPage(), address, 'Zoe');
  await expect(zoe.page.getByRole('alert')).toContainText('lets nobody new in');
  await changeTerms(links, 'At once', 'Only watch');
  await zoe.page.getByRole('button', { name: 'Join' }).click();
  await expect(zoe.row('Zoe')).toContainText('You');

  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'This board is yours' })).toBeVisible();
  await page.getByRole('button', { name: 'Go to the board' }).click();
  await expect(board.title()).toHaveValue('New board');

  const late = await (await another(PHONE)).newPage();
  await late.goto(`/b/${board.slug}/join#k=shl_${'0'.repeat(32)}`);
  await expect(late.getByRole('heading', { name: 'not valid' })).toBeVisible();
});

test('the same device does not join twice', async ({ page, another }) => {
  const { links } = await ownLinks(page);
  const address = await invite(links, 'At once', 'Only watch');
  const context = await another(PHONE);
  const zoe = await join(await context.newPage(), address, 'Zoe');
  await expect(zoe.row('Zoe')).toContainText('You');
  const again = new BoardPage(await context.newPage());
  await again.page.goto(address);
  await expect(again.row('Zoe')).toContainText('You');
  await expect(again.rows()).toHaveCount(5);
});

test('every page of joining fits into 320 px', async ({ page, another }) => {
  const { links } = await ownLinks(page);
  await page.setViewportSize({ width: 320, height: 640 });
  const fits = (shown: typeof page) =>
    expect
      .poll(() => shown.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(320);
  const address = await invite(links, 'If I approve', 'Enter own scores');
  const narrow = await (await another({ viewport: { width: 320, height: 640 } })).newPage();
  await narrow.goto(address);
  await expect(narrow.getByLabel('Your name')).toBeVisible();
  await fits(narrow);
  const longest = 'Bartholomew-Maximilian von und zu Hohenstein-Wittelsbach III';
  await narrow.getByLabel('Your name').fill(longest);
  await narrow.getByRole('button', { name: 'Join' }).click();
  await expect(narrow.getByRole('main').getByRole('status')).toBeVisible();
  await fits(narrow);
  await expect(page.getByRole('button', { name: `Approve ${longest}` })).toBeVisible();
  await fits(page);
  await page.getByRole('button', { name: `Approve ${longest}` }).click();
  const zoe = new BoardPage(narrow);
  await expect(zoe.row(longest)).toBeVisible();
  await fits(narrow);
  await expect(links.row(longest)).toBeVisible();
  await fits(page);
});
