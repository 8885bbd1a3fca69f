/* A server that sells, and whoever looks after its payments. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { BINARY, startServer, type Server } from './server.ts';
import { expect } from './test.ts';

export async function openShop(): Promise<Server> {
  const catalogue = join(tmpdir(), `scorehold-catalogue-${process.pid}-${Date.now()}.toml`);
  writeFileSync(catalogue, CATALOGUE);
  const server = await startServer({
    SCOREHOLD__BILLING__ENABLED: 'true',
    SCOREHOLD__BILLING__CATALOGUE: catalogue,
  });
  const stop = async () => {
    await server.stop();
    rmSync(catalogue);
  };
  return { ...server, stop };
}

/** Whoever runs the server names an address, and gets a page on which its password is chosen. */
export async function operator(shop: Server, page: Page): Promise<Operator> {
  const address = `${randomUUID().slice(0, 8)}@example.org`;
  const command = ['operator', 'add', address];
  const said = execFileSync(BINARY, command, { cwd: shop.folder, env: shop.env, encoding: 'utf8' });
  expect(said).toContain(`${address} is an operator`);
  await page.goto(/https?:\S+/.exec(said)?.[0] ?? '');
  await page.getByLabel('New password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Save and log in' }).click();
  await expect(page.getByRole('heading', { name: 'My boards' })).toBeVisible();
  return new Operator(page);
}

/** What an operator does on the page of payments. */
export class Operator {
  constructor(readonly page: Page) {}

  readonly dialog = () => this.page.getByRole('dialog');

  /** By the number that the customer quotes. */
  async find(number: string): Promise<void> {
    await this.page.goto('/operator');
    await this.page.getByLabel('Show').selectOption('All orders');
    await this.page.getByLabel('Search by number').fill(number);
    await expect(this.page.getByRole('main').getByRole('listitem')).toHaveCount(1);
    await this.page.getByRole('button', { name: `Order ${number}` }).click();
  }

  async pay(reference: string): Promise<void> {
    await this.dialog().getByLabel('Reference of the payment').fill(reference);
    await this.dialog().getByRole('button', { name: 'The money is there' }).click();
    await expect(this.dialog()).toContainText('Paid');
  }

  async fulfil(): Promise<void> {
    await this.dialog().getByRole('button', { name: 'Unlock it' }).click();
    await expect(this.dialog()).toContainText('Unlocked');
  }

  async refund(amount: string): Promise<void> {
    await this.dialog().getByLabel('Give back').fill(amount);
    await this.dialog().getByRole('button', { name: 'Note the refund' }).click();
  }
}

const CATALOGUE = `
[seller]
name = "Scorehold Ltd"
address = "1 Score Street\\nLeagueton"
payment = "Account 12 345 678 at the Bank of Leagueton"

[[product]]
id = "free"
name = "Free"
description = "Every board, every score, every restore. For ever."
amount_minor = 0
currency = "EUR"

[[product]]
id = "pass-7d"
name = "Seven-day pass"
description = "One board for one event: your logo and theme, an overlay without our mark."
amount_minor = 900
currency = "EUR"
entitlements = ["logo", "theme", "overlay"]
days = 7

[[product]]
id = "board-forever"
name = "Board for ever"
description = "One board, once and for all: your logo and theme, an overlay without our mark."
amount_minor = 2900
currency = "EUR"
entitlements = ["logo", "theme", "overlay"]

[[product]]
id = "pro-month"
name = "Pro, one month"
description = "All your boards: your logo and theme, overlays without our mark, higher rate limits."
amount_minor = 1200
currency = "EUR"
entitlements = ["logo", "theme", "overlay", "limits"]
days = 30
scope = "account"
`;
