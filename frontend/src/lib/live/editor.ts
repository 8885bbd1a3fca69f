/*
 * What a person does to a board. Every action leaves a step that takes it back. Scores go through
 * the outbox; changes of the board itself are asked of the server and shown when it has agreed.
 */
import { trashGame, updateGame } from '../api/games';
import { addPlayers, restorePlayer, trashPlayer, updatePlayer } from '../api/players';
import type { Game, GamePatch, PlayerPatch } from '../api/client';
import { newPlayers } from '../new-players';
import type { Board } from './board.svelte';
import type { UndoStack } from './undo.svelte';

/** The most names that one request may carry. */
const AT_ONCE = 1000;

const people = (count: number) => (count === 1 ? '1 player' : `${count} players`);

export class Editor {
  constructor(
    private readonly board: Board,
    private readonly undo: UndoStack,
  ) {}

  get #game(): Game {
    if (!this.board.game) throw new Error('the board is not open');
    return this.board.game;
  }

  async setTitle(title: string): Promise<void> {
    const wanted = title.trim();
    if (wanted === '' || wanted === this.#game.title) return;
    await this.change({ title: wanted }, 'Title changed');
  }

  async change(patch: GamePatch, label: string): Promise<void> {
    const before = this.#game;
    const old = Object.fromEntries(
      Object.keys(patch).map((key) => [key, before[key as keyof Game]]),
    );
    await this.#patch(patch);
    // Decimals may only grow.
    if ('decimals' in patch) return;
    this.undo.push({ label, revert: () => this.#patch(old) });
  }

  async addPlayers(names: string[]): Promise<void> {
    const players = newPlayers(names, this.board.rows.length);
    const added: string[] = [];
    for (let start = 0; start < players.length; start += AT_ONCE) {
      const { data } = await addPlayers(this.board.slug, players.slice(start, start + AT_ONCE));
      added.push(...data.map(({ id }) => id));
    }
    await this.board.refresh();
    const label = names.length === 1 ? `${names[0]} added` : `${people(names.length)} added`;
    this.undo.push({ label, revert: () => this.#each(added, trashPlayer) });
  }

  async changePlayer(id: string, patch: PlayerPatch): Promise<void> {
    const player = this.board.rows.find((row) => row.player.id === id)?.player;
    if (!player) return;
    const old: PlayerPatch = { name: player.name, colour: player.colour };
    await this.#player(id, patch);
    this.undo.push({
      label: `${patch.name ?? player.name} changed`,
      revert: () => this.#player(id, old),
    });
  }

  async removePlayer(id: string, name: string): Promise<void> {
    await this.#each([id], trashPlayer);
    this.undo.push({ label: `${name} removed`, revert: () => this.#each([id], restorePlayer) });
  }

  async trashBoard(): Promise<void> {
    await trashGame(this.#game);
    this.board.trashed();
  }

  async #patch(patch: GamePatch): Promise<void> {
    const game = await updateGame(this.#game, patch).catch(async (cause: unknown) => {
      // Somebody else may have changed it: show theirs before the fault is told.
      await this.board.refresh();
      throw cause;
    });
    this.board.changed(game);
    await this.board.refresh();
  }

  async #player(id: string, patch: PlayerPatch): Promise<void> {
    await updatePlayer(this.board.slug, id, patch);
    await this.board.refresh();
  }

  async #each(
    ids: string[],
    action: (slug: string, id: string) => Promise<unknown>,
  ): Promise<void> {
    for (const id of ids) await action(this.board.slug, id);
    await this.board.refresh();
  }
}
