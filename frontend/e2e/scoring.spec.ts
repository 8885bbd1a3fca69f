import { PHONE } from './support/browser.ts';
import { BoardPage } from './support/board.ts';
import { ownLinks, visit } from './support/links.ts';
import { expect, test } from './support/test.ts';

test.describe('on a phone', () => {
  test.use(PHONE);

  test('ten taps in a second are ten points @smoke', async ({ page, request }) => {
    const board = new BoardPage(page);
    await board.make();
    await board.plus('Ana').dispatchEvent('pointerdown', { button: 0 });
    await board.plus('Ana').dispatchEvent('pointerup', { button: 0 });
    // The number stands in the document before the browser paints again.
    const shown = await page.evaluate(async () => {
      const plus = document.querySelector<HTMLElement>('button[aria-label="Ana +1"]');
      for (let tap = 0; tap < 9; tap++) {
        plus?.dispatchEvent(new PointerEvent('pointerdown', { button: 0 }));
        plus?.dispatchEvent(new PointerEvent('pointerup', { button: 0 }));
      }
      await Promise.resolve();
      return document.querySelector('[data-flip] .total')?.textContent;
    });
    expect(shown).toContain('10');
    await expect.poll(() => board.serverTotal(request, 'Ana')).toBe(10);
    await board.expectScore('Ana', '10', '1');
  });

  test('the targets of the dock are at least 56 px high, and in reach', async ({ page }) => {
    const board = new BoardPage(page);
    await board.make();
    for (const button of await page.locator('.dock button').all()) {
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(56);
      expect(box?.width).toBeGreaterThanOrEqual(56);
      expect(box?.y).toBeGreaterThan(844 / 2);
    }
  });
});

test('a tap is seen in a second browser within a second @smoke', async ({ page, another }) => {
  const board = new BoardPage(page);
  await board.make();
  const watching = new BoardPage(await (await another()).newPage());
  await watching.page.goto(`/b/${board.slug}`);
  await expect(watching.chip('Live')).toBeVisible();
  await board.select('Ben');
  await board.plus('Ben').click();
  await expect(watching.row('Ben').locator('.total')).toHaveText(/1$/, { timeout: 1_000 });
  await expect(watching.rows().first()).toContainText('Ben');
});

test('two scorekeepers with fifty taps each add a hundred', async ({ page, another, request }) => {
  test.slow();
  const { board, links } = await ownLinks(page);
  const keepers = [];
  for (const name of ['Phone', 'Tablet']) {
    const address = await links.make(name, 'Enter scores');
    const keeper = await visit(await (await another(PHONE)).newPage(), address);
    await keeper.select('Ben');
    keepers.push(keeper);
  }
  await Promise.all(
    keepers.map((keeper) =>
      keeper.plus('Ben').evaluate((plus) => {
        for (let tap = 0; tap < 50; tap++) {
          plus.dispatchEvent(new PointerEvent('pointerdown', { button: 0 }));
          plus.dispatchEvent(new PointerEvent('pointerup', { button: 0 }));
        }
      }),
    ),
  );
  await expect.poll(() => board.serverTotal(request, 'Ben'), { timeout: 30_000 }).toBe(100);
  for (const keeper of keepers) await keeper.expectScore('Ben', '100', '1');
});

test('holding repeats, minus takes away, and each gesture is one undo', async ({
  page,
  request,
}) => {
  const board = new BoardPage(page);
  await board.make();
  await board.select('Ana');
  await board.plus('Ana').hover();
  await page.mouse.down();
  await expect(board.row('Ana').locator('.total')).toHaveText(/[4-9]$/);
  await page.mouse.up();
  await board.row('Ana').locator('.total').textContent();
  await page.getByRole('button', { name: 'Ana −1', exact: true }).click();
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await board.expectScore('Ana', '– ?no score');
  await expect.poll(() => board.serverTotal(request, 'Ana')).toBeNull();
});

test('the keypad adds and sets, with the keyboard as well', async ({ page, request }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.select('Cleo');
  await page.getByRole('button', { name: 'Enter a score for Cleo' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cleo' });
  for (const digit of ['1', '2', '0']) {
    await dialog.getByRole('button', { name: digit, exact: true }).click();
  }
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await board.expectScore('Cleo', '120', '1');

  await page.getByRole('button', { name: 'Enter a score for Cleo' }).click();
  await dialog.getByText('Set total').click();
  await dialog.getByLabel('New total').fill('');
  await dialog.getByLabel('New total').press('-');
  await page.keyboard.type('7');
  await page.keyboard.press('Enter');
  await board.expectScore('Cleo', '-7', '1');
  await expect.poll(() => board.serverTotal(request, 'Cleo')).toBe(-7);

  await board.title().blur();
  await page.keyboard.press('Control+z');
  await board.expectScore('Cleo', '120', '1');
  await expect.poll(() => board.serverTotal(request, 'Cleo')).toBe(120);
});

test('undo by toast, by Ctrl+Z and by the dock @smoke', async ({ page, request }) => {
  const board = new BoardPage(page);
  await board.make();
  await board.tap('Ana', 3);
  await board.expectScore('Ana', '3');
  await board.toast().getByRole('button', { name: 'Undo' }).click();
  await board.expectScore('Ana', '2');
  await page.keyboard.press('Control+z');
  await board.expectScore('Ana', '1');
  await page.locator('.dock').getByRole('button', { name: 'Undo' }).click();
  await expect(board.row('Ana').locator('.rank')).toContainText('no rank');
  await expect.poll(() => board.serverTotal(request, 'Ana')).toBeNull();
  await expect(page.locator('.dock').getByRole('button', { name: 'Undo' })).toBeDisabled();
});
