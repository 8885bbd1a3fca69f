/* The page on which a board's history is read and gone back in. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { BoardPage } from './board.ts';

export class HistoryPage {
  readonly page: Page;

  constructor(private readonly board: BoardPage) {
    this.page = board.page;
  }

  readonly slider = () => this.page.getByRole('slider', { name: 'Moment' });
  readonly moment = () => this.page.locator('.moment');
  readonly changes = () => this.page.getByRole('main').getByRole('listitem');
  readonly dialog = () => this.page.getByRole('dialog');

  change(text: string | RegExp): Locator {
    return this.changes().filter({ hasText: text });
  }

  /** As people come here: by the settings. */
  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    await this.page.getByRole('button', { name: 'Any moment, and who changed what' }).click();
    await expect(this.changes().first()).toBeVisible();
  }

  async undo(text: string | RegExp): Promise<void> {
    await this.change(text).first().getByRole('button', { name: /^Undo/ }).click();
  }

  /** What a row shows: the name and the total. */
  async expectRow(name: string, total: string): Promise<void> {
    await this.board.expectScore(name, total);
  }
}
