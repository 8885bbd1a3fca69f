/* The page on which an owner makes and ends links. */
import { expect, type Locator, type Page } from '@playwright/test';
import { BoardPage } from './board.ts';

export type May = 'Look' | 'Enter scores' | 'Own';

export class LinksPage {
  readonly page: Page;

  constructor(private readonly board: BoardPage) {
    this.page = board.page;
  }

  readonly dialog = (name: string | RegExp = /./) => this.page.getByRole('dialog', { name });
  readonly rows = () => this.page.getByRole('main').getByRole('listitem');
  readonly address = () => this.dialog().getByLabel('Address');

  row(name: string): Locator {
    return this.rows().filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** As an owner comes here: by the settings. */
  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    await this.page.getByRole('button', { name: 'Who may look and score' }).click();
    await expect(this.rows().first()).toBeVisible();
  }

  /** The address, which is shown this once. */
  async make(name: string, may: May, expires = 'Never'): Promise<string> {
    await this.page.getByRole('button', { name: 'New link' }).click();
    await this.dialog().getByLabel('What for').fill(name);
    await this.dialog().getByRole('radio', { name: may, exact: true }).check();
    await this.dialog().getByRole('radio', { name: expires, exact: true }).check();
    await this.dialog().getByRole('button', { name: 'Make the link' }).click();
    return this.takeAddress();
  }

  async takeAddress(): Promise<string> {
    await expect(this.dialog()).toContainText('you will not see this address again');
    const address = await this.address().inputValue();
    await this.dialog().getByRole('button', { name: 'Done' }).click();
    await expect(this.dialog()).toHaveCount(0);
    return address;
  }

  edit(name: string): Promise<void> {
    return this.page.getByRole('button', { name: `Edit ${name}`, exact: true }).click();
  }

  async renew(name: string): Promise<string> {
    await this.edit(name);
    await this.dialog().getByRole('button', { name: 'Renew' }).click();
    await expect(this.dialog(`Renew ${name}?`)).toContainText('stops working at once');
    await this.dialog().getByRole('button', { name: 'Renew' }).click();
    return this.takeAddress();
  }

  async revoke(name: string): Promise<void> {
    await this.edit(name);
    await this.dialog().getByRole('button', { name: 'Revoke' }).click();
    await expect(this.dialog(`Revoke ${name}?`)).toContainText('cannot be undone');
    await this.dialog().getByRole('button', { name: 'Revoke for ever' }).click();
  }
}

/** A new board, and its owner on the page of its links. */
export async function ownLinks(page: Page): Promise<{ board: BoardPage; links: LinksPage }> {
  const board = new BoardPage(page);
  await board.make();
  const links = new LinksPage(board);
  await links.open();
  return { board, links };
}

/** Somebody comes by a link. */
export async function visit(page: Page, address: string): Promise<BoardPage> {
  await page.goto(address);
  await expect(page.getByRole('table')).toBeVisible();
  return new BoardPage(page);
}

/** What the public view has, and what it says to those who had more. */
export async function expectPublic(board: BoardPage): Promise<void> {
  await expect(board.page.getByRole('alert')).toContainText('no longer valid');
  await expect(board.page.locator('.dock')).toHaveCount(0);
  await expect(board.title()).toHaveCount(0);
  await expect(board.rows()).toHaveCount(4);
}
