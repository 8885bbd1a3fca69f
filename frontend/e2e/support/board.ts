/* What a person sees and does on a board, and what the server says about it. */
import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';

export class BoardPage {
  constructor(readonly page: Page) {}

  readonly title = () => this.page.getByLabel('Board title');
  readonly table = () => this.page.getByRole('table');
  readonly rows = () => this.table().locator('[data-flip]');
  readonly toast = () => this.page.getByRole('status').filter({ hasText: /./ }).last();
  readonly chip = (text: string | RegExp) => this.page.locator('.chip', { hasText: text });

  get slug(): string {
    return new URL(this.page.url()).pathname.split('/')[2] ?? '';
  }

  row(name: string): Locator {
    return this.rows().filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** From the home page to a board that can be edited. */
  async make(): Promise<void> {
    await this.page.goto('/');
    await this.page.getByRole('button', { name: 'Make a board' }).click();
    await expect(this.title()).toBeFocused();
    await expect(this.chip('Live')).toBeVisible();
  }

  select(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  plus(name: string, step = '1'): Locator {
    return this.page.getByRole('button', { name: `${name} +${step}`, exact: true });
  }

  /** Through the dock: pick the player, then tap. */
  async tap(name: string, times = 1): Promise<void> {
    await this.select(name);
    for (let tap = 0; tap < times; tap++) await this.plus(name).click();
  }

  async expectScore(name: string, total: string, rank?: string): Promise<void> {
    await expect(this.row(name).locator('.total')).toHaveText(
      new RegExp(`^\\s*(\\S+\\s+)?${total}\\s*$`),
    );
    if (rank) await expect(this.row(name).locator('.rank')).toHaveText(rank);
  }

  async paste(text: string): Promise<void> {
    await this.page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const target = document.activeElement ?? document.body;
      target.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    }, text);
  }

  async setting(group: string, option: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    const field = this.page.getByRole('group', { name: group });
    await field.getByRole('radio', { name: option, exact: true }).check();
    await this.page.keyboard.press('Escape');
    await expect(this.page.getByRole('dialog')).toHaveCount(0);
  }

  key(): Promise<string> {
    return this.page.evaluate(
      (slug) => JSON.parse(localStorage.getItem(`scorehold.key.${slug}`) ?? '""') as string,
      this.slug,
    );
  }

  /** The server's own total: null when there is no score, undefined when there is no player. */
  async serverTotal(request: APIRequestContext, name: string): Promise<number | null | undefined> {
    const answer = await request.get(`/api/v1/games/${this.slug}/standings?limit=1000`);
    const { data } = (await answer.json()) as {
      data: { player: { name: string }; total: number | null }[];
    };
    return data.find(({ player }) => player.name === name)?.total;
  }
}
