import type { Page } from '@playwright/test';
import { PHONE } from './support/browser.ts';
import { BoardPage } from './support/board.ts';
import { HistoryPage } from './support/history.ts';
import { LinksPage } from './support/links.ts';
import { LOOKS, clean, cleanDialog } from './support/look.ts';
import { expect, test } from './support/test.ts';

const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

for (const { scheme, device } of LOOKS) {
  const options = device === 'phone' ? PHONE : {};
  test.describe(`${scheme}, ${device}`, () => {
    // What is loaded late fades in late: without motion no colour is ever half there.
    const contextOptions = { reducedMotion: 'reduce' } as const;
    test.use({ colorScheme: scheme, ...options, contextOptions });

    test('every page is clean for axe @look', async ({ page, guard, another }) => {
      test.slow();
      guard.allow(/status of 404/);
      const board = new BoardPage(page);
      await page.goto('/');
      await expect(page.getByRole('table')).toBeVisible();
      await clean(page, 'home');
      await board.make();
      await board.tap('Ana', 2);
      await board.tap('Ben', 2);
      await clean(page, 'board');
      await page.getByRole('button', { name: 'Enter a score for Ben' }).click();
      await cleanDialog(page, 'keypad');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Edit Ben' }).click();
      await cleanDialog(page, 'player');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Settings' }).click();
      await cleanDialog(page, 'settings');
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Rounds' }).click();
      await clean(page, 'no rounds');
      await page.getByRole('button', { name: 'New round' }).first().click();
      await cleanDialog(page, 'round');
      await page.getByLabel('Score of Ana').fill('4');
      await page.getByRole('button', { name: 'Add round' }).click();
      await expect(page.getByRole('columnheader', { name: 'Round 1' })).toBeVisible();
      await clean(page, 'rounds');
      const links = new LinksPage(board);
      await links.open();
      await links.make('Referee tablet', 'Enter scores', '1 week');
      await links.make('Screen', 'Look');
      await links.revoke('Screen');
      await expect(links.row('Screen')).toContainText('Revoked');
      await clean(page, 'links');
      await page.getByRole('button', { name: 'New link' }).click();
      await links.dialog().getByRole('radio', { name: 'Date' }).check();
      await cleanDialog(page, 'new link');
      await page.keyboard.press('Escape');
      await links.edit('Referee tablet');
      await links.dialog().getByRole('button', { name: 'Renew' }).click();
      await cleanDialog(page, 'renew');
      await links.dialog().getByRole('button', { name: 'Renew' }).click();
      await expect(links.dialog().getByRole('img')).toBeVisible();
      await cleanDialog(page, 'address');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Let people join' }).click();
      await links.dialog().getByRole('radio', { name: 'If I approve' }).check();
      await cleanDialog(page, 'how people join');
      await links.dialog().getByRole('button', { name: 'Show the code' }).click();
      await expect(links.dialog().getByRole('img')).toBeVisible();
      await cleanDialog(page, 'code to join');
      const invitation = await links.address().inputValue();
      await page.keyboard.press('Escape');

      const guest = await (
        await another({ colorScheme: scheme, ...options, ...contextOptions })
      ).newPage();
      await guest.goto(invitation);
      await expect(guest.getByLabel('Your name')).toBeFocused();
      await clean(guest, 'join');
      await guest.keyboard.type('Zoe');
      await guest.getByRole('button', { name: 'Join' }).click();
      await expect(guest.getByRole('main').getByRole('status')).toContainText('on the list');
      await clean(guest, 'waiting');
      await expect(page.getByRole('button', { name: 'Approve Zoe' })).toBeVisible();
      await clean(page, 'somebody waits');
      await page.getByRole('button', { name: 'Approve Zoe' }).click();
      await expect(guest.getByRole('table')).toContainText('You');
      await clean(guest, 'own row');

      const history = new HistoryPage(board);
      await history.open();
      await clean(page, 'history');
      await history.slider().focus();
      await page.keyboard.press('ArrowLeft');
      await expect(page.getByRole('table', { name: 'Standings then' })).toBeVisible();
      await clean(page, 'another moment');
      await page.getByLabel('Changes by').selectOption({ label: 'By Owner' });
      await page.getByRole('button', { name: 'Undo everything of Owner' }).click();
      await expect(history.dialog()).toContainText('taken back');
      await cleanDialog(page, 'undo everything');
      await page.keyboard.press('Escape');

      const visitor = await (
        await another({ colorScheme: scheme, ...options, ...contextOptions })
      ).newPage();
      await visitor.goto(`/b/${board.slug}`);
      await expect(visitor.getByRole('table')).toBeVisible();
      await clean(visitor, 'public');
      await visitor.goto(`/b/${board.slug}/links`);
      await expect(visitor.getByRole('heading', { name: 'for the owner' })).toBeVisible();
      await clean(visitor, 'links of others');
      await visitor.goto('/nowhere');
      await expect(visitor.getByRole('heading', { level: 1 })).toBeVisible();
      await clean(visitor, 'not found');
      await visitor.goto('/b/0000000000');
      await expect(visitor.getByRole('heading', { name: 'No board here' })).toBeVisible();
      await clean(visitor, 'no board');
    });
  });
}

test('dark follows the system, and a choice outlives a reload @smoke', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const light = await background(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background(page);
  expect(dark).not.toBe(light);

  await page.getByRole('group', { name: 'Appearance' }).getByText('Light').click();
  expect(await background(page)).toBe(light);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await background(page)).toBe(light);
});

test('nothing glides for those who asked for no motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana');
  await page.evaluate(() => {
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...given) {
      document.title = 'moved';
      return animate.apply(this, given);
    };
  });
  await board.tap('Dan', 2);
  await expect(board.rows().first()).toContainText('Dan');
  await expect(page).not.toHaveTitle('moved');
});

test('a row that overtakes glides to its place', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana');
  await page.evaluate(() => {
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...given) {
      document.documentElement.dataset.moved = 'yes';
      return animate.apply(this, given);
    };
  });
  await board.tap('Dan', 2);
  await expect(board.rows().first()).toContainText('Dan');
  await expect(page.locator('html')).toHaveAttribute('data-moved', 'yes');
});

test('a board can be scored with the keyboard alone', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await page.keyboard.press('Enter');
  await board.page.getByRole('button', { name: 'Ben', exact: true }).focus();
  await page.keyboard.press('Enter');
  await board.plus('Ben').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await board.expectScore('Ben', '2', '1');
  await expect(page.locator('[aria-live="polite"]')).toHaveText('Ben leads with 2');
});
