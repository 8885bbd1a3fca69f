import { expect, test } from './support/test.ts';

test('a headline, one button, a living demo board @smoke', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
  const above = page.locator('main button:visible');
  await expect(above).toHaveCount(1);
  await expect(above).toHaveText('Make a board');

  const demo = page.getByRole('figure');
  await expect(demo).toBeInViewport();
  await expect(demo.getByText('Live')).toBeVisible();
  const totals = () => demo.locator('.total').allTextContents();
  const before = await totals();
  expect(before.length).toBeGreaterThan(2);
  await expect.poll(totals, { timeout: 20_000 }).not.toEqual(before);
});

test('without a demo the page is whole', async ({ page }) => {
  await page.route('/', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace(/<meta name="scorehold:demo"[^>]*>/, '');
    await route.fulfill({ response: answer, body });
  });
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Make a board' })).toBeInViewport();
  await expect(page.getByRole('figure')).toHaveCount(0);
});

test('the boards of this browser are listed, the last one first', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByText('Your boards')).toHaveCount(0);
  for (const title of ['First', 'Second']) {
    await page.getByRole('button', { name: 'Make a board' }).click();
    await expect(page.getByLabel('Board title')).toBeFocused();
    await page.keyboard.type(title);
    await page.keyboard.press('Enter');
    await expect(page).toHaveTitle(`${title} · Scorehold`);
    await page.getByRole('link', { name: 'Scorehold, home' }).click();
  }
  const list = page.getByRole('listitem');
  await expect(list).toHaveText([/^Second\s*just now/, /^First\s*just now/]);
  await page.getByRole('button', { name: 'Take First off this list' }).click();
  await expect(list).toHaveCount(1);
  await page.getByRole('link', { name: /Second/ }).click();
  await expect(page.getByLabel('Board title')).toHaveValue('Second');
});
