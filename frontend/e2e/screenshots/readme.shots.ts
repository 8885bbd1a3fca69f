import type { Page } from '@playwright/test';
import { PHONE } from '../support/browser.ts';
import { BoardPage } from '../support/board.ts';
import { Person } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const ROUNDS = [
  [22, 20, 14, 17, 9, 12, 6, 3],
  [18, 21, 19, 10, 15, 4, 8, 7],
  [24, 23, 17, 23, 11, 9, 12, 0],
];
const NAMES = [
  'Noor Haddad',
  'Tomás Oliveira',
  'Grace Adeyemi',
  'Linh Tran',
  'Mikkel Sørensen',
  'Ana Kovač',
  'Priya Raman',
  'Jules',
];

/** A board in the middle of its evening. */
async function play(page: Page): Promise<BoardPage> {
  const board = new BoardPage(page);
  await board.make();
  await page.keyboard.type('Thursday quiz');
  await page.keyboard.press('Enter');
  const headers = { Authorization: `Bearer ${await board.key()}` };
  const at = `/api/v1/games/${board.slug}`;
  const { data: samples } = await (await page.request.get(`${at}/standings`)).json();
  for (const { player } of samples) {
    await page.request.delete(`${at}/players/${player.id}`, { headers });
  }
  await expect(page.getByText('No players yet')).toBeVisible();
  await board.paste(NAMES.join('\n'));
  await expect(board.rows()).toHaveCount(NAMES.length);
  const { data: rows } = await (await page.request.get(`${at}/players?limit=100`)).json();
  const ids = NAMES.map((name) => rows.find((row: { name: string }) => row.name === name).id);
  for (const [index, values] of ROUNDS.entries()) {
    const scores = values.map((value, player) => ({ player_id: ids[player], value }));
    const data = { label: `Round ${index + 1}`, scores };
    await page.request.post(`${at}/rounds`, { headers, data });
  }
  await board.expectScore('Noor Haddad', '64', '1');
  await page.reload();
  await expect(board.chip('Live')).toBeVisible();
  return board;
}

for (const [device, options] of Object.entries({ desktop: {}, phone: PHONE })) {
  for (const scheme of ['light', 'dark'] as const) {
    test.describe(`${device}, ${scheme}`, () => {
      test.use({ colorScheme: scheme, ...options });

      test('pictures', async ({ page, another, guard }) => {
        guard.allow(/status of 404/);
        const take = async (of: Page, name: string, wanted = true) => {
          if (!wanted) return;
          await of.evaluate(() => document.fonts.ready);
          const path = `../docs/screenshots/${name}-${device}-${scheme}.png`;
          await of.screenshot({ path, animations: 'disabled' });
        };
        const is = (...wanted: string[]) => wanted.includes(`${device}-${scheme}`);

        await page.goto('/');
        await expect(page.getByRole('figure').getByText('Live')).toBeVisible();
        await take(page, 'home', is('desktop-light', 'phone-dark'));

        const board = await play(page);
        await board.select('Grace Adeyemi');
        await board.plus('Grace Adeyemi').click();
        await take(page, 'board');

        const visitor = await (await another({ colorScheme: scheme, ...options })).newPage();
        await visitor.goto(`/b/${board.slug}`);
        await expect(new BoardPage(visitor).chip('Live')).toBeVisible();
        await take(visitor, 'public', is('desktop-dark', 'phone-light'));
        await visitor.goto('/nowhere');
        await expect(visitor.getByRole('heading', { level: 1 })).toBeVisible();
        await take(visitor, 'not-found', is('phone-light'));

        await page.getByRole('button', { name: 'Settings' }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await take(page, 'settings', is('desktop-light'));
        await page.keyboard.press('Escape');
        await page.getByRole('link', { name: 'Rounds' }).click();
        await expect(page.getByRole('columnheader', { name: 'Round 3' })).toBeVisible();
        await take(page, 'rounds', is('desktop-dark', 'phone-light'));

        await page.goBack();
        await page.getByRole('button', { name: 'Keep it' }).click();
        await expect(page.getByRole('dialog', { name: 'Keep this board' })).toBeVisible();
        await take(page, 'keep', is('phone-dark', 'desktop-light'));
        await page.keyboard.press('Escape');
        const person = new Person('Noor Haddad');
        await person.register(page);
        await page.getByRole('button', { name: 'Save Thursday quiz' }).click();
        await page.getByRole('button', { name: 'Dismiss' }).click();
        await expect(page.getByRole('link', { name: /8 players/ })).toBeVisible();
        await take(page, 'boards', is('phone-light', 'desktop-dark'));
        await page.getByRole('link', { name: /Account of/ }).click();
        await expect(page.getByText('This device', { exact: true })).toBeVisible();
        await take(page, 'account', is('phone-dark', 'desktop-light'));
      });
    });
  }
}
