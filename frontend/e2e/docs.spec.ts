import { expect, test } from './support/test.ts';

/* As a programmer does it: nothing but the documentation's own page. */
test('the three steps of the documentation work', async ({ page, request }) => {
  test.slow(); // That page draws every operation at once.
  await page.goto('/docs/');
  await expect(page.getByRole('heading', { name: 'Three steps' })).toBeVisible();

  const execute = async (operation: string, body: object, game?: string) => {
    const block = page.locator(`.opblock[id$="-${operation}"]`);
    await block.locator('.opblock-summary-control').click();
    const run = block.getByRole('button', { name: 'Execute' });
    const tryOut = block.getByRole('button', { name: 'Try it out' });
    await expect(run.or(tryOut).first()).toBeVisible();
    if (!(await run.isVisible())) await tryOut.click();
    if (game) await block.locator('tr[data-param-name="game"] input').fill(game);
    await block.locator('textarea.body-param__text').fill(JSON.stringify(body));
    await run.click();
    const live = block.locator('.live-responses-table');
    await expect(live.locator('.response-col_status').last()).toContainText('201');
    return JSON.parse(await live.locator('.highlight-code code').first().innerText()) as unknown;
  };

  // 1. Create a board.
  const game = (await execute('create_game', { title: 'From the documentation' })) as {
    slug: string;
    own_token: string;
  };
  expect(game.own_token).toMatch(/^shl_/);

  // 2. Authorize with its token.
  await page.locator('.auth-wrapper .authorize').first().click();
  const dialog = page.locator('.modal-ux');
  await dialog.locator('input').fill(game.own_token);
  await dialog.getByRole('button', { name: 'Apply credentials' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();

  // 3. Score.
  const ana = (await execute('add_players', { name: 'Ana' }, game.slug)) as { id: string };
  const score = { player_id: ana.id, value: 3 };
  expect(await execute('submit_score', score, game.slug)).toMatchObject({
    player: { total: 3, rank: 1 },
  });
  const standings = await request.get(`/api/v1/games/${game.slug}/standings`);
  expect(await standings.json()).toMatchObject({ data: [{ total: 3, rank: 1 }] });
});
