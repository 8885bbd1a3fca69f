/* The owner lets people in, and somebody comes. */
import { expect, type Page } from '@playwright/test';
import { BoardPage } from './board.ts';
import type { LinksPage } from './links.ts';
import { scan } from './qr.ts';

export type How = 'At once' | 'If I approve' | 'Nobody new';
export type Right = 'Only watch' | 'Enter own scores';

/** The owner shows the code; what it says is returned. */
export async function invite(links: LinksPage, how: How, right: Right): Promise<string> {
  await links.page.getByRole('button', { name: 'Let people join' }).click();
  await links.dialog().getByRole('radio', { name: how }).check();
  await links.dialog().getByRole('radio', { name: right }).check();
  await links.dialog().getByRole('button', { name: 'Show the code' }).click();
  const address = await scan(links.dialog().getByRole('img', { name: 'QR code to join' }));
  await expect(links.address()).toHaveValue(address);
  await links.dialog().getByRole('button', { name: 'Done' }).click();
  await expect(links.dialog()).toHaveCount(0);
  return address;
}

/** The owner changes how people join. */
export async function changeTerms(links: LinksPage, how: How, right: Right): Promise<void> {
  await links.page.getByRole('button', { name: 'Change', exact: true }).click();
  await links.dialog().getByRole('radio', { name: how }).check();
  await links.dialog().getByRole('radio', { name: right }).check();
  await links.dialog().getByRole('button', { name: 'Save' }).click();
  await expect(links.dialog()).toHaveCount(0);
}

/** Somebody scans the code and gives a name: two taps. */
export async function join(page: Page, address: string, name: string): Promise<BoardPage> {
  await page.goto(address);
  await expect(page.getByLabel('Your name')).toBeFocused();
  expect(page.url()).not.toContain('shl_');
  await page.keyboard.type(name);
  await page.getByRole('button', { name: 'Join' }).click();
  return new BoardPage(page);
}
