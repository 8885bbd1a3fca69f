import { BoardPage } from './support/board.ts';
import { LinksPage, visit } from './support/links.ts';
import { Person } from './support/people.ts';
import { expect, test } from './support/test.ts';

test('my boards: search, trash, restore, more', async ({ page, request }) => {
  test.slow();
  const ana = new Person();
  await ana.register(page);
  const { access_token } = await (
    await request.post('/api/v1/auth/login', {
      data: { email: ana.email, password: ana.password, delivery: 'body' },
    })
  ).json();
  const headers = { Authorization: `Bearer ${access_token}` };
  for (let number = 1; number <= 51; number++) {
    const title = `Match ${String(number).padStart(2, '0')}`;
    await request.post('/api/v1/games', { headers, data: { title } });
  }
  await page.reload();
  const rows = page.getByRole('main').getByRole('listitem');
  await expect(rows).toHaveCount(50);
  await expect(rows.first()).toContainText('Match 51');
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(rows).toHaveCount(51);

  const search = page.getByRole('searchbox', { name: 'Search by title' });
  await search.fill('match 1');
  await expect(rows).toHaveCount(10);
  await search.fill('nothing like it');
  await expect(page.getByText('Nothing found')).toBeVisible();
  await search.fill('17');
  await expect(rows).toHaveCount(1);
  await page.getByRole('button', { name: 'Put Match 17 into the trash' }).click();
  await expect(page.getByText('Nothing found')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(1);
  await page.getByRole('button', { name: 'Put Match 17 into the trash' }).click();

  await page.getByRole('group', { name: 'Show' }).getByText('Trash').click();
  await expect(rows).toHaveCount(1);
  await search.fill('');
  await expect(page.getByRole('link', { name: /Match/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Bring back Match 17' }).click();
  await expect(page.getByText('The trash is empty')).toBeVisible();
  await page.getByRole('group', { name: 'Show' }).getByText('Boards').click();
  await page.getByRole('link', { name: /Match 17/ }).click();
  await expect(new BoardPage(page).title()).toHaveValue('Match 17');
});

test('a private board is for its owner and for those with a link, live', async ({
  page,
  guard,
  another,
}) => {
  guard.allow(/status of 40[14]/);
  const ana = new Person();
  await ana.register(page);
  await page.getByRole('button', { name: 'New board' }).click();
  const board = new BoardPage(page);
  await expect(board.chip('Live')).toBeVisible();
  await board.setting('Who finds this board', 'Private');
  const { slug } = board;
  await page.reload();
  await expect(board.chip('Live')).toBeVisible();
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(board.toast()).toContainText('people come by a link that you make');

  const stranger = await (await another()).newPage();
  await stranger.goto(`/b/${slug}`);
  await expect(stranger.getByRole('heading', { name: 'No board here' })).toBeVisible();

  await page.getByRole('button', { name: 'Make a link' }).click();
  const links = new LinksPage(board);
  const address = await links.make('Screen', 'Look');
  await page.goBack();
  const tickets = stranger.waitForResponse('**/events/ticket');
  const screen = await visit(stranger, address);
  expect((await tickets).status()).toBe(201);
  await expect(screen.chip('Live')).toBeVisible();
  await board.tap('Ana', 2);
  await screen.expectScore('Ana', '2', '1');
});

test('private is on offer only where an account owns the board', async ({ page }) => {
  const board = new BoardPage(page);
  await board.make();
  await page.getByRole('button', { name: 'Settings' }).click();
  const sight = page.getByRole('group', { name: 'Who finds this board' });
  await expect(sight.getByRole('radio')).toHaveCount(2);
});

test('logging out in one tab closes the board in another', async ({ page, context, guard }) => {
  guard.allow(/status of 401/);
  const ana = new Person();
  await ana.register(page);
  await page.getByRole('button', { name: 'New board' }).click();
  const board = new BoardPage(page);
  await expect(page.locator('.dock')).toBeVisible();
  const other = await context.newPage();
  await ana.logOut(other);
  await expect(page.locator('.dock')).toHaveCount(0);
  await expect(board.rows()).toHaveCount(4);
  await other.goto('/account/login');
  await ana.fillLogIn(other);
  await expect(page.locator('.dock')).toBeVisible();
});
