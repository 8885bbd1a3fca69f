/* The links of a board as its owner sees them, and what is being done with one. */
import { createLink, listLinks, revokeLink, rotateLink, updateLink } from '$lib/api/links';
import { Problem } from '$lib/api/problem';
import type { Link, LinkPatch, NewLink } from '$lib/api/client';
import { inOrder } from '$lib/domain/links';
import { keyFor } from '$lib/keys';
import type { Board } from '$lib/live/board.svelte';
import { keyedLink } from '$lib/paths';
import { explain } from './explain';

export type Step =
  | { is: 'new' }
  | { is: 'edit' | 'renew' | 'revoke'; link: Link }
  /** `fresh`: made a moment ago, and never to be seen again. */
  | { is: 'address'; link: Link; url: string; fresh: boolean };

export class Links {
  list = $state.raw<Link[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  step = $state.raw<Step | null>(null);
  /** The link by which this browser is here. */
  readonly here = $derived(this.list?.find(({ current }) => current)?.id ?? null);

  constructor(private readonly board: Board) {}

  get #slug(): string {
    return this.board.slug;
  }

  async load(): Promise<void> {
    try {
      this.list = inOrder(await listLinks(this.#slug));
      this.problem = null;
    } catch (cause) {
      this.problem = Problem.of(cause);
      if (this.problem.status === 401) await this.board.refresh();
    }
  }

  /** The address is known to whoever came by it. */
  showHere(link: Link): void {
    const key = keyFor(this.#slug);
    if (key) this.#showAddress(link, keyedLink(this.#slug, key), false);
  }

  /** `key` belongs to the form: sending it twice makes one link. What went wrong is returned. */
  create(body: NewLink, key: string): Promise<string | null> {
    return this.#attempt(async () => {
      const made = await createLink(this.#slug, body, key);
      this.#showAddress(made, made.url, true);
    });
  }

  change(link: Link, patch: LinkPatch): Promise<string | null> {
    return this.#attempt(async () => {
      if (Object.keys(patch).length > 0) await updateLink(this.#slug, link, patch);
      this.step = null;
    });
  }

  revoke(link: Link): Promise<string | null> {
    return this.#attempt(async () => {
      await revokeLink(this.#slug, link);
      this.step = null;
      if (link.id === this.here) await this.board.refresh();
    });
  }

  renew(link: Link): Promise<string | null> {
    return this.#attempt(async () => {
      const renewed = await rotateLink(this.#slug, link);
      this.#showAddress(renewed, renewed.url, true);
    });
  }

  #showAddress(link: Link, url: string, fresh: boolean): void {
    this.step = { is: 'address', link, url, fresh };
  }

  async #attempt(action: () => Promise<void>): Promise<string | null> {
    try {
      await action();
      void this.load();
      return null;
    } catch (cause) {
      const problem = Problem.of(cause);
      if (problem.status === 401) await this.board.refresh();
      else if ([404, 412].includes(problem.status)) void this.load();
      return explain(problem);
    }
  }
}
