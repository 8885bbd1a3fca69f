/*
 * What a person does to a board. Every action leaves a step that takes it back. Scores go through
 * the outbox; changes of the board itself are asked of the server and shown when it has agreed.
 */
import { trashGame, updateGame } from '../api/games';
import { putLogo, readLogo, removeLogo } from '../api/logo';
import { addPlayers, restorePlayer, trashPlayer, updatePlayer, type Known } from '../api/players';
import type { Game, GamePatch, PlayerPatch, StandingsRow } from '../api/client';
import { newPlayers } from '../new-players';
import { base64Of } from '../picture';
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

  /** The picture that was there before comes back like everything else. */
  async setLogo(image: Blob | null): Promise<void> {
    const { slug, logo } = this.#game;
    const before = logo ? await readLogo(slug) : null;
    await this.#putLogo(image);
    const label = image ? 'Logo changed' : 'Logo removed';
    this.undo.push({ label, revert: () => this.#putLogo(before) });
  }

  async addPlayers(names: string[]): Promise<void> {
    const players = newPlayers(names, this.board.rows.length);
    const added: Known[] = [];
    for (let start = 0; start < players.length; start += AT_ONCE) {
      const { data } = await addPlayers(this.board.slug, players.slice(start, start + AT_ONCE));
      added.push(...data);
    }
    await this.board.refresh();
    const label = names.length === 1 ? `${names[0]} added` : `${people(names.length)} added`;
    this.undo.push({ label, revert: () => this.#each(added, trashPlayer) });
  }

  async changePlayer(id: string, patch: PlayerPatch): Promise<void> {
    const { name, colour } = this.#player(id);
    await this.#patchPlayer(id, patch);
    const label = `${patch.name ?? name} changed`;
    this.undo.push({ label, revert: () => this.#patchPlayer(id, { name, colour }) });
  }

  async removePlayer(id: string): Promise<void> {
    const player = this.#player(id);
    await this.#each([player], trashPlayer);
    const label = `${player.name} removed`;
    this.undo.push({ label, revert: () => this.#each([player], restorePlayer) });
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

  async #putLogo(image: Blob | null): Promise<void> {
    if (image) await putLogo(this.board.slug, await base64Of(image));
    else await removeLogo(this.board.slug);
    await this.board.refresh();
  }

  #player(id: string): StandingsRow['player'] {
    const row = this.board.rows.find(({ player }) => player.id === id);
    if (!row) throw new Error('the player is not on the board');
    return row.player;
  }

  async #patchPlayer(id: string, patch: PlayerPatch): Promise<void> {
    await updatePlayer(this.board.slug, this.#player(id), patch);
    await this.board.refresh();
  }

  /** A player may have been renamed since: what is on the board is what is meant. */
  async #each(
    players: Known[],
    action: (slug: string, player: Known) => Promise<unknown>,
  ): Promise<void> {
    const now = new Map(this.board.rows.map(({ player }) => [player.id, player]));
    for (const player of players) await action(this.board.slug, now.get(player.id) ?? player);
    await this.board.refresh();
  }
}
