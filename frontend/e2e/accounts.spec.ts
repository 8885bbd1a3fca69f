import { readFileSync } from 'node:fs';
import { Person } from './support/people.ts';
import { expect, test } from './support/test.ts';

test('register, log out, log in again @smoke', async ({ page, guard }) => {
  guard.allow(/status of (401|422)/);
  const ana = new Person();
  await page.goto('/');
  await page.getByRole('link', { name: 'Log in' }).click();
  await page.getByRole('link', { name: 'Create one' }).click();
  await page.getByRole('button', { name: 'Create the account' }).click();
  await expect(page.getByText('At least 1 character is needed.')).toBeVisible();
  await ana.fillRegister(page);
  await expect(page.getByText('No boards yet')).toBeVisible();
  await page.reload();
  await expect(page.getByText('No boards yet')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Account of Ana' })).toBeVisible();

  await ana.logOut(page);
  await page.goto('/boards');
  await expect(page.getByText('Log in to find your boards')).toBeVisible();
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByLabel('Mail address').fill(ana.email);
  await page.getByLabel('Password', { exact: true }).fill('something else');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText('The address or the password is wrong.');
  await ana.fillLogIn(page);
  await expect(page).toHaveURL('/boards');
  await expect(page.getByText('No boards yet')).toBeVisible();
});

test('a forgotten password is chosen anew by the mail, once', async ({ page, guard, another }) => {
  guard.allow(/status of (401|422)/);
  const ana = new Person();
  await ana.register(page);
  const elsewhere = await (await another()).newPage();
  await elsewhere.goto('/account/login');
  await elsewhere.getByLabel('Mail address').fill(ana.email);
  await elsewhere.getByRole('link', { name: 'Forgot the password?' }).click();
  await expect(elsewhere.getByLabel('Mail address')).toHaveValue(ana.email);
  await elsewhere.getByRole('button', { name: 'Send the mail' }).click();
  await expect(elsewhere.getByRole('status').first()).toContainText(ana.email);

  const link = await ana.mailedLink('Choose a new password');
  await elsewhere.goto(link);
  await expect(elsewhere.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
  expect(elsewhere.url()).not.toContain('#');
  await elsewhere.getByLabel('New password', { exact: true }).fill('short');
  await elsewhere.getByRole('button', { name: 'Save and log in' }).click();
  await expect(elsewhere.getByText('At least 8 characters are needed.')).toBeVisible();
  ana.password = 'staple of horses';
  await elsewhere.getByLabel('New password', { exact: true }).fill(ana.password);
  await elsewhere.getByRole('button', { name: 'Save and log in' }).click();
  await expect(elsewhere.getByText('No boards yet')).toBeVisible();

  // Every other device is out, and the link is spent.
  await page.reload();
  await expect(page.getByText('Log in to find your boards')).toBeVisible();
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill('another password');
  await page.getByRole('button', { name: 'Save and log in' }).click();
  await expect(page.getByRole('heading', { name: 'not good any more' })).toBeVisible();
  await ana.logIn(page);
});

test('an address is verified by its mail, and can be changed', async ({ page, guard }) => {
  guard.allow(/status of (401|409|422)/);
  const [ana, ben] = [new Person(), new Person('Ben')];
  await ben.register(page);
  await ben.logOut(page);
  await ana.register(page);
  await page.goto('/account');
  await expect(page.getByText('Not verified yet')).toBeVisible();
  await page.goto(await ana.mailedLink('Is this your address?'));
  await expect(page.getByRole('heading', { name: 'The address is yours' })).toBeVisible();
  await page.goto('/account');
  await expect(page.getByText('Verified.')).toBeVisible();

  await page.getByRole('button', { name: 'Change the address' }).click();
  const dialog = page.getByRole('dialog');
  const change = async (email: string, password: string) => {
    await dialog.getByLabel('New address').fill(email);
    await dialog.getByLabel('Password', { exact: true }).fill(password);
    await dialog.getByRole('button', { name: 'Change the address' }).click();
  };
  await change(ben.email, ana.password);
  await expect(dialog.getByText('This address has an account already.')).toBeVisible();
  const moved = new Person();
  await change(moved.email, 'not this one');
  await expect(dialog.getByText('This is not your present password.')).toBeVisible();
  await change(moved.email, ana.password);
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(moved.email, { exact: true })).toBeVisible();
  await expect(page.getByText('Not verified yet')).toBeVisible();
  await page.getByRole('button', { name: 'Send the mail again' }).click();
  await expect(page.getByText(`A mail to ${moved.email} is on its way.`)).toBeVisible();
  await page.goto('/account/verify');
  await expect(page.getByRole('heading', { name: 'not good any more' })).toBeVisible();
});

test('a name is changed, and everything is taken along', async ({ page }) => {
  const ana = new Person();
  await ana.register(page);
  await page.goto('/account');
  await page.getByLabel('Your name').fill('Ana Kovač');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('link', { name: 'Account of Ana Kovač' })).toBeVisible();
  const downloads = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download everything' }).click();
  const file = await downloads;
  expect(file.suggestedFilename()).toMatch(/^scorehold-account-\d{4}-\d\d-\d\d\.json$/);
  const everything = JSON.parse(readFileSync(await file.path(), 'utf8'));
  expect(everything).toMatchObject({
    user: { email: ana.email, display_name: 'Ana Kovač' },
    sessions: [{ current: true }],
    games: [],
  });
});

test('a deleted account comes back by logging in', async ({ page, guard }) => {
  guard.allow(/status of 401/);
  const ana = new Person();
  await ana.register(page);
  await page.goto('/account');
  await page.getByRole('button', { name: 'Delete the account' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the account?' });
  await expect(dialog).toContainText('For 30 days');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Delete the account' }).click();
  await dialog.getByRole('button', { name: 'Delete the account' }).click();
  await expect(page.getByText('Log in within 30 days to have it back.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Log in' })).toBeVisible();
  await page.goto('/account');
  await page.getByRole('button', { name: 'Log in' }).click();
  await ana.fillLogIn(page);
  await expect(page).toHaveURL('/account');
  await expect(page.getByText(ana.email)).toBeVisible();
});
