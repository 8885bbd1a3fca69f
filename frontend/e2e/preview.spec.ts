import type { APIRequestContext } from '@playwright/test';
import { expect, test } from './support/test.ts';

interface Made {
  slug: string;
  own_token: string;
}

async function makeBoard(request: APIRequestContext, body: object): Promise<Made> {
  const answer = await request.post('/api/v1/games', { data: body });
  expect(answer.status()).toBe(201);
  return (await answer.json()) as Made;
}

const as = (board: Made) => ({ headers: { Authorization: `Bearer ${board.own_token}` } });
const pageOf = async (request: APIRequestContext, slug: string) =>
  (await request.get(`/b/${slug}`)).text();

test('a shared board previews well: title, leader, number of players, a picture', async ({
  request,
}) => {
  const board = await makeBoard(request, { title: 'Friday "night" <b>&' });
  const at = `/api/v1/games/${board.slug}`;
  for (const [name, value] of [
    ['Ana', 42],
    ['Ben', 7],
  ]) {
    const added = await request.post(`${at}/players`, { data: { name }, ...as(board) });
    const player = (await added.json()) as { id: string };
    const score = { player_id: player.id, value };
    expect((await request.post(`${at}/scores`, { data: score, ...as(board) })).status()).toBe(201);
  }
  const html = await pageOf(request, board.slug);
  expect(html).toContain('<title>Friday &quot;night&quot; &lt;b&gt;&amp; – Scorehold</title>');
  expect(html).toContain('property="og:title"');
  expect(html).toContain('Ana leads with 42, 2 players');
  const picture = /property="og:image" content="[^"]*(\/[^"/]+)"/.exec(html)?.[1] ?? '';
  const answer = await request.get(picture);
  expect(answer.headers()['content-type']).toBe('image/png');
  // Width and height stand in the header of a PNG.
  const head = new DataView(new Uint8Array(await answer.body()).buffer);
  expect([head.getUint32(16), head.getUint32(20)]).toEqual([1200, 630]);
});

test('only public boards are for search engines', async ({ request }) => {
  const unlisted = await makeBoard(request, { title: 'Ours' });
  const league = await makeBoard(request, { title: 'League', visibility: 'public' });
  expect(await pageOf(request, unlisted.slug)).toContain('content="noindex"');
  expect(await pageOf(request, league.slug)).not.toContain('noindex');
});

test('what is in the trash reveals nothing', async ({ request }) => {
  const board = await makeBoard(request, { title: 'Confidential' });
  expect((await request.delete(`/api/v1/games/${board.slug}`, as(board))).status()).toBe(204);
  expect(await pageOf(request, board.slug)).not.toContain('Confidential');
});

test('every other address is the app, under its policy', async ({ request }) => {
  for (const path of ['/', '/b/nothing123', '/anything/else']) {
    const { 'content-type': type, 'content-security-policy': policy } = (
      await request.get(path, { headers: { Accept: 'application/json' } })
    ).headers();
    expect(type, path).toMatch(/^text\/html/);
    expect(policy, path).toContain("default-src 'self'");
  }
});
