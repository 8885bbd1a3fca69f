import { beforeEach, expect, it, vi } from 'vitest';
import type { Game } from '$lib/api/client';
import { listGames, restoreGame, trashGame } from '$lib/api/games';
import { Problem } from '$lib/api/problem';
import { Boards } from './boards.svelte';

vi.mock('$lib/api/games');

const friday = { slug: 'friday', title: 'Friday' } as Game;
const page = (data: Game[]) => Promise.resolve({ data, next_cursor: null, has_more: false });

beforeEach(() => vi.resetAllMocks());

it('looks at a shelf when what is on its way there has arrived', async () => {
  const boards = new Boards();
  vi.mocked(listGames).mockReturnValueOnce(page([friday]));
  await boards.load();

  let arrive = (): void => undefined;
  vi.mocked(trashGame).mockReturnValueOnce(new Promise<void>((resolve) => (arrive = resolve)));
  const moved = boards.trash(friday);
  boards.show('trashed');
  expect(boards.list).toBeNull();
  expect(listGames).toHaveBeenCalledTimes(1);

  vi.mocked(listGames).mockReturnValueOnce(page([friday]));
  arrive();
  await moved;
  await vi.waitFor(() => expect(boards.list).toEqual([friday]));
});

it('looks again also after a move that was refused', async () => {
  const boards = new Boards();
  const refusal = new Problem(409, 'conflict', 'Not now.');
  vi.mocked(restoreGame).mockRejectedValueOnce(refusal);
  await expect(boards.restore(friday)).rejects.toBe(refusal);
  vi.mocked(listGames).mockReturnValueOnce(page([friday]));
  await boards.load();
  expect(boards.list).toEqual([friday]);
});
