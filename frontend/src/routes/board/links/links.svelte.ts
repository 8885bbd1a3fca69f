/* The links of a board as its owner sees them, and what is being done with one. */
import { createLink, listLinks, revokeLink, rotateLink, updateLink } from '$lib/api/links';
import { approveSeat } from '$lib/api/seats';
import { Problem } from '$lib/api/problem';
import type { Link, LinkPatch, LinkWithToken, NewLink } from '$lib/api/client';
import { inOrder, invites, isLive, waits, type Mode } from '$lib/domain/links';
import { keyFor } from '$lib/keys';
import type { Board } from '$lib/live/board.svelte';
import { keyedLink } from '$lib/paths';
import { recall, remember } from '$lib/storage';
import { explain } from './explain';

export interface Terms {
  mode: Mode;
  scores: boolean;
}

export type Step =
  | { is: 'new' }
  /** How people join; without a link there is no invitation yet. */
  | { is: 'join'; link: Link | null }
  | { is: 'code'; link: Link; url: string }
  | { is: 'edit' | 'renew' | 'revoke'; link: Link }
  /** `fresh`: made a moment ago, and never to be seen again. */
  | { is: 'address'; link: Link; url: string; fresh: boolean };

export class Links {
  list = $state.raw<Link[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  step = $state.raw<Step | null>(null);
  /** The link by which this browser is here. */
  readonly here = $derived(this.list?.find(({ current }) => current)?.id ?? null);
  /** The invitation by which people join, if there is one. */
  readonly invitation = $derived(
    this.list?.find((link) => invites(link) && isLive(link, Date.now())) ?? null,
  );
  readonly waiting = $derived(this.list?.filter(waits) ?? []);

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
      this.#showNew(await createLink(this.#slug, body, key));
    });
  }

  invite(join: Terms, key: string): Promise<string | null> {
    return this.create({ role: 'join', name: 'Invitation', join }, key);
  }

  /** This browser made it, and may show its code again; another one renews it. */
  showCode(link: Link): void {
    const url = recall<string>(`invitation.${link.id}`);
    this.step = url ? { is: 'code', link, url } : { is: 'renew', link };
  }

  approve(link: Link): Promise<string | null> {
    return this.#attempt(() => approveSeat(this.#slug, link));
  }

  decline(link: Link): Promise<string | null> {
    return this.#attempt(() => revokeLink(this.#slug, link));
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
      this.#showNew(await rotateLink(this.#slug, link));
    });
  }

  /** An invitation is shown to many and for long; any other address once. */
  #showNew(made: LinkWithToken): void {
    if (!invites(made)) return this.#showAddress(made, made.url, true);
    remember(`invitation.${made.id}`, made.url);
    this.step = { is: 'code', link: made, url: made.url };
  }

  #showAddress(link: Link, url: string, fresh: boolean): void {
    this.step = { is: 'address', link, url, fresh };
  }

  async #attempt(action: () => Promise<unknown>): Promise<string | null> {
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
