import type { Page } from '@playwright/test';
import { PHONE } from './support/browser.ts';
import { BoardPage } from './support/board.ts';
import { LOOKS, cleanAndFits, cleanDialog, fits } from './support/look.ts';
import { Person } from './support/people.ts';
import { expect, test } from './support/test.ts';

const NARROW = { ...PHONE, viewport: { width: 320, height: 640 } };
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });

for (const { scheme, device } of LOOKS) {
  const options = device === 'phone' ? NARROW : {};
  test.describe(`${scheme}, ${device}`, () => {
    const contextOptions = { reducedMotion: 'reduce' } as const;
    test.use({ colorScheme: scheme, ...options, contextOptions });

    test('the ways into an account are clean for axe, and fit @look', async ({ page, guard }) => {
      test.slow();
      guard.allow(/status of (401|422)/);
      for (const [path, name] of [
        ['/account/login', 'Log in'],
        ['/account/register', 'Create an account'],
        ['/account/forgot', 'Forgot the password?'],
        ['/account/reset', 'This link is not good any more'],
        ['/account/reset#t=x', 'Choose a new password'],
        ['/account/verify', 'This link is not good any more'],
        ['/boards', 'My boards'],
        ['/account', 'Account'],
      ] as const) {
        // Another fragment alone is no other page.
        await page.goto('about:blank');
        await page.goto(path);
        await expect(heading(page, name)).toBeVisible();
        await cleanAndFits(page, path);
      }
      await page.goto('/account/login');
      await page.getByRole('button', { name: 'Log in' }).click();
      await expect(page.getByRole('main')).toContainText('is expected');
      await cleanAndFits(page, 'a wrong log-in');
    });

    test('what an account has is clean for axe, and fits @look', async ({ page, guard }) => {
      test.slow();
      guard.allow(/status of (401|422)/);
      const board = new BoardPage(page);
      await board.make();
      await board.tap('Ana', 3);
      await expect(page.getByRole('complementary')).toBeVisible();
      await cleanAndFits(page, 'the offer to keep');
      await page.getByRole('button', { name: 'Keep it' }).click();
      await cleanDialog(page, 'ways to keep');
      await fits(page, 'ways to keep');
      await page.getByRole('button', { name: 'Create an account' }).click();
      await cleanDialog(page, 'an account on the spot');
      const ana = new Person('Anastasia-Maximiliana von und zu Hohenlohe-Langenburg');
      await ana.fillRegister(page);
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await cleanAndFits(page, 'a board that is kept');
      await page.getByRole('button', { name: 'Settings' }).click();
      await cleanDialog(page, 'settings of an account');
      await page.keyboard.press('Escape');

      await page.goto('/boards');
      await expect(page.getByRole('link', { name: /4 players/ })).toBeVisible();
      await cleanAndFits(page, 'my boards');
      await page.getByRole('button', { name: 'Put New board into the trash' }).click();
      await expect(page.getByText('No boards yet')).toBeVisible();
      await cleanAndFits(page, 'no boards');
      await page.getByRole('group', { name: 'Show' }).getByText('Trash').click();
      await expect(page.getByRole('button', { name: 'Bring back New board' })).toBeVisible();
      await cleanAndFits(page, 'trash');

      await page.goto('/account');
      await expect(page.getByText('This device', { exact: true })).toBeVisible();
      await cleanAndFits(page, 'account');
      for (const action of ['Change the address', 'Change the password', 'Delete the account']) {
        await page.getByRole('button', { name: action }).click();
        await cleanDialog(page, action);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
      await page.goto('/');
      await expect(page.getByRole('link', { name: 'My boards' })).toBeVisible();
      await cleanAndFits(page, 'home of somebody');
    });
  });
}
