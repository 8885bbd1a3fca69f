/* People with an account, and the mails that they get. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';

export class Person {
  readonly email = `${randomUUID().slice(0, 8)}@example.org`;
  password = 'correct horse battery';

  constructor(readonly name = 'Ana') {}

  /** On the page that asks for it, or the one of its own. */
  async register(page: Page): Promise<void> {
    await page.goto('/account/register');
    await this.fillRegister(page);
    await expect(page.getByRole('heading', { name: 'My boards' })).toBeVisible();
  }

  async fillRegister(page: Page): Promise<void> {
    await page.getByLabel('Your name').fill(this.name);
    await page.getByLabel('Mail address').fill(this.email);
    await page.getByLabel('Password', { exact: true }).fill(this.password);
    await page.getByRole('button', { name: 'Create the account' }).click();
  }

  async logIn(page: Page): Promise<void> {
    await page.goto('/account/login');
    await this.fillLogIn(page);
    await expect(page.getByRole('heading', { name: 'My boards' })).toBeVisible();
  }

  async fillLogIn(page: Page): Promise<void> {
    await page.getByLabel('Mail address').fill(this.email);
    await page.getByLabel('Password', { exact: true }).fill(this.password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
  }

  async logOut(page: Page): Promise<void> {
    await page.goto('/account');
    await page.getByRole('button', { name: 'Log out', exact: true }).click();
    await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
  }

  /** The address in the newest mail to them with that subject. */
  async mailedLink(subject: string): Promise<string> {
    let link: string | undefined;
    await expect
      .poll(() => (link = /https?:\S+/.exec(newest(this.email, subject) ?? '')?.[0]))
      .toBeTruthy();
    return link as string;
  }
}

/** The server hands mail to a folder in tests; files are named by a random id. */
function newest(to: string, subject: string): string | undefined {
  const folder = join(process.env.SCOREHOLD_E2E_FOLDER ?? '', 'outbox');
  const mails = readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => unfold(readFileSync(join(folder, name), 'utf8')))
    .filter((mail) => mail.includes(`To: ${to}`) && mail.includes(`Subject: ${subject}`));
  const time = (mail: string) => Date.parse(/^Date: (.*)$/m.exec(mail)?.[1] ?? '');
  return mails.sort((a, b) => time(a) - time(b)).at(-1);
}

/** Quoted-printable, as far as our mails use it. */
const unfold = (mail: string) => mail.replace(/=\r?\n/g, '').replaceAll('=3D', '=');
