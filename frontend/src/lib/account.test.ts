import { beforeEach, expect, it, vi } from 'vitest';
import { account } from './account.svelte';
import type { Person, SignedIn } from './api/client';
import { claimGame, readGame, updateGame } from './api/games';
import { readMe } from './api/me';
import { Problem } from './api/problem';
import { addScore } from './api/scores';
import { belongs, credentialFor, learn, ownBoards, refuse } from './credentials';
import { dropKeys, keepKey, keyFor } from './keys';
import { recall } from './storage';

const ana = { id: 'usr_ana', display_name: 'Ana', operator: false } as Person;
/** What arrived, as `METHOD path token`, and how it is answered. */
let arrived: string[];
let bodies: unknown[];
let answers: Record<string, (token: string | null) => Response | Promise<Response>>;
let issued: number;

const json = (body: unknown, status = 200) => Response.json(body, { status });
const refusal = (status: number, code: string) => json({ code, detail: code, status }, status);
const signedIn = (more: Partial<SignedIn> = {}): SignedIn => ({
  user: ana,
  access_token: `token${++issued}`,
  token_type: 'Bearer',
  expires_in: 600,
  ...more,
});
const wanting = (token: string) => (sent: string | null) =>
  sent === token ? json({ ok: true }) : refusal(401, 'invalid_credential');
const REFRESH = 'POST /api/v1/auth/refresh';
const GAME = 'GET /api/v1/games/board';
const SCORE = 'POST /api/v1/games/board/scores';
const score = () => addScore('board', { player_id: 'plr_1', value: 1, client_id: 'one' });

beforeEach(() => {
  localStorage.clear();
  dropKeys('board');
  account.signedOut();
  account.unsure = false;
  arrived = [];
  bodies = [];
  issued = 0;
  answers = { [REFRESH]: () => json(signedIn()) };
  vi.stubGlobal('fetch', async (request: Request) => {
    const asked = `${request.method} ${new URL(request.url).pathname}`;
    const token = request.headers.get('Authorization')?.replace('Bearer ', '') ?? null;
    arrived.push(token ? `${asked} ${token}` : asked);
    bodies.push(request.body ? await request.json() : null);
    return (answers[asked] ?? (() => json({})))(token);
  });
});

/** As after a reload: known, but without a token. */
function comeBack(): void {
  account.signedIn(signedIn({ expires_in: 0, access_token: 'old' }));
}

it('signs requests with one renewed token, however many wait for it', async () => {
  comeBack();
  await Promise.all([readMe(), readGame('board'), readMe()]);
  expect(arrived.filter((asked) => asked === REFRESH)).toHaveLength(1);
  expect(arrived.slice(1).sort()).toEqual(
    ['GET /api/v1/games/board token1', 'GET /api/v1/me token1', 'GET /api/v1/me token1'].map(
      (asked) => asked.replace('token1', `token${issued}`),
    ),
  );
  await readMe();
  expect(arrived.filter((asked) => asked === REFRESH)).toHaveLength(1);
});

it('renews a token that is refused, and sends the same once more', async () => {
  account.signedIn(signedIn());
  answers[SCORE] = wanting('token2');
  await score();
  expect(arrived).toEqual([`${SCORE} token1`, REFRESH, `${SCORE} token2`]);
  expect(bodies[2]).toEqual(bodies[0]);
  expect(bodies[2]).toMatchObject({ client_id: 'one' });
});

it.each([401, 403])('says so when the device is known no more (%i)', async (status) => {
  account.signedIn(signedIn());
  answers[SCORE] = wanting('never');
  answers[REFRESH] = () => refusal(status, 'invalid_credential');
  const problem = await score().catch(Problem.of);
  expect(problem).toMatchObject({ status: 401, code: 'logged_out', isPassing: false });
  expect(account.person).toBeNull();
  expect(recall('person')).toBeNull();
});

it('does not ask for ever when new tokens are refused too', async () => {
  account.signedIn(signedIn());
  answers[SCORE] = wanting('never');
  await expect(score()).rejects.toMatchObject({ code: 'logged_out' });
  expect(arrived).toHaveLength(3);
  expect(account.person).toBeNull();
});

it('stays logged in when the answer to a renewal is lost, and asks again later', async () => {
  comeBack();
  let lost = 0;
  answers[REFRESH] = () => {
    if (lost++ < 2) throw new TypeError('network');
    return json(signedIn());
  };
  const problem = await score().catch(Problem.of);
  expect(problem).toMatchObject({ status: 0, isPassing: true });
  expect(account.person).toEqual(ana);
  // Nor is the board read as by a stranger, who may see less.
  await expect(readGame('board')).rejects.toMatchObject({ status: 0 });
  expect(arrived).toEqual([REFRESH, REFRESH]);
  await score();
  expect(arrived.at(-1)).toBe(`${SCORE} token${issued}`);
});

it('shows boards while the server takes no changes, and forgets nobody', async () => {
  comeBack();
  learn('board', { person: ana.id }, 'own');
  answers[REFRESH] = () => refusal(503, 'maintenance');
  await readGame('board');
  expect(arrived.at(-1)).toBe(GAME);
  expect(account.unsure).toBe(true);
  await expect(score()).rejects.toMatchObject({ status: 503, isPassing: true });
  expect(account.person).toEqual(ana);

  answers[REFRESH] = () => json(signedIn());
  await score();
  expect(account.unsure).toBe(false);
});

it('keeps the refresh token only where there is no cookie', async () => {
  account.signedIn(signedIn());
  expect(recall('refresh')).toBeNull();
  account.signedIn(signedIn({ refresh_token: 'shr_1', expires_in: 0 }));
  answers[REFRESH] = () => json(signedIn({ refresh_token: 'shr_2' }));
  await readMe();
  expect(bodies[0]).toEqual({ refresh_token: 'shr_1' });
  expect(recall('refresh')).toBe('shr_2');
});

it('follows what another tab does', () => {
  account.signedIn(signedIn());
  localStorage.removeItem('scorehold.person');
  dispatchEvent(new StorageEvent('storage', { key: 'scorehold.person' }));
  expect(account.person).toBeNull();
  const operator = { ...ana, operator: true };
  localStorage.setItem('scorehold.person', JSON.stringify(operator));
  dispatchEvent(new StorageEvent('storage', { key: 'scorehold.person' }));
  expect(account.person).toEqual(operator);
  expect(account.isOperator).toBe(true);
});

it('asks a board with the key that owns it, else as its person, else with whatever key there is', async () => {
  keepKey('board', 'shl_score', 'score');
  expect(credentialFor('board')).toEqual({ key: 'shl_score' });
  account.signedIn(signedIn());
  expect(credentialFor('board')).toEqual({ key: 'shl_score' });
  learn('board', { person: ana.id }, 'own');
  expect(belongs('board')).toBe(true);
  expect(credentialFor('board')).toEqual({ person: ana.id });

  keepKey('board', 'shl_own', 'own');
  await readGame('board');
  expect(arrived.at(-1)).toBe(`${GAME} shl_own`);
  refuse(credentialFor('board'));
  expect(credentialFor('board')).toEqual({ person: ana.id });
  account.signedOut();
  expect(credentialFor('board')).toEqual({ key: 'shl_score' });
  expect(ownBoards()).toEqual([]);
});

it('claims a board as the person, although the key owns it', async () => {
  account.signedIn(signedIn());
  keepKey('board', 'shl_own', 'own');
  await claimGame('board', 'shl_own');
  expect(arrived).toEqual(['POST /api/v1/games/board/claim token1']);
  expect(bodies[0]).toMatchObject({ own_token: 'shl_own' });
  expect(keyFor('board')).toBe('shl_own');
  await updateGame({ slug: 'board', version: 1 } as never, { title: 'x' });
  expect(arrived.at(-1)).toBe('PATCH /api/v1/games/board shl_own');
});
