/*
 * Where the right to a board is kept beside this browser. The commonest loss is a lost key, so a
 * board that nobody has saved yet says so until its owner has done something about it.
 */
import { account } from './account.svelte';
import type { Game } from './api/client';
import { claimGame } from './api/games';
import { listLinks, mailLink } from './api/links';
import { learn } from './credentials';
import { keyFor } from './keys';
import { keyedLink } from './paths';
import { download } from './download';
import { keepForGood, recall, remember } from './storage';

interface Memory {
  /** The owner has it by mail or as a file. */
  kept?: boolean;
  /** They were asked, and had better things to do. */
  later?: boolean;
}

class Keeping {
  /** What was remembered during this visit; the rest is in the browser's memory. */
  #noted = $state.raw<Record<string, Memory>>({});

  /** `here`: this browser alone has the key; null: it is not this browser's to keep. */
  of({ slug, owner, my_role }: Game): 'here' | 'kept' | null {
    if (my_role !== 'own') return null;
    return owner !== null || this.#about(slug).kept ? 'kept' : 'here';
  }

  asksAbout(game: Game): boolean {
    return this.of(game) === 'here' && !this.#about(game.slug).later;
  }

  later(slug: string): void {
    this.#note(slug, { later: true });
  }

  /** Moves the board to the account of the person who is logged in. */
  async byAccount(slug: string): Promise<void> {
    const key = keyFor(slug);
    if (!key || !account.person) throw new Error('There is nothing to save here.');
    const game = await claimGame(slug, key);
    learn(slug, { person: account.person.id }, game.my_role);
    keepForGood();
  }

  async byMail(slug: string, email: string): Promise<void> {
    const own = (await listLinks(slug)).find(({ current }) => current);
    if (!own) throw new Error('This browser does not own the board by a link.');
    await mailLink(slug, own, email);
    this.#note(slug, { kept: true });
  }

  async byFile({ slug, title }: Game): Promise<void> {
    const key = keyFor(slug);
    if (!key) return;
    const { keyFile } = await import('./domain/key-file');
    download(`scorehold-${slug}.html`, 'text/html', keyFile(title, keyedLink(slug, key)));
    this.#note(slug, { kept: true });
  }

  #about(slug: string): Memory {
    return this.#noted[slug] ?? recall<Memory>(`keep.${slug}`) ?? {};
  }

  #note(slug: string, more: Memory): void {
    keepForGood();
    const all = { ...this.#about(slug), ...more };
    this.#noted = { ...this.#noted, [slug]: all };
    remember(`keep.${slug}`, all);
  }
}

export const keeping = new Keeping();
