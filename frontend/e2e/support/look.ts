/* What every page must pass, in both themes and on every device. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Every page is looked at twice: colours are a matter of the theme, room is one of the width. */
export const LOOKS = [
  { scheme: 'light', device: 'phone' },
  { scheme: 'dark', device: 'desktop' },
] as const;

/** Nothing moves or fades any more, but for what never ends. */
export async function settled(page: Page) {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((running) => running.effect?.getComputedTiming().iterations !== Infinity)
        .map((running) => running.finished.catch(() => undefined)),
    ),
  );
}

export async function clean(page: Page, what: string) {
  // Half-way through a fade every colour is pale.
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(({ id, nodes }) => `${what}: ${id} ${nodes[0]?.html}`);
  expect(told).toEqual([]);
}

/** What is loaded late opens late: half there, it would be judged as part of the page. */
export async function cleanDialog(page: Page, what: string) {
  await expect(page.locator('dialog:modal')).toBeVisible();
  await clean(page, what);
}

/** Nothing is cut off and nothing scrolls sideways on the narrowest phone. */
export async function fits(page: Page, what: string) {
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide, `${what} is wider than the screen by`).toBeLessThanOrEqual(0);
}

/** Both. */
export async function cleanAndFits(page: Page, what: string) {
  await clean(page, what);
  await fits(page, what);
}
