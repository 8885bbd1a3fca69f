/*
 * Who is logged in on this device, the same in every tab.
 *
 * - A page shows `account.person`, null for nobody, and asks `account.isOperator` before it offers
 *   what only operators may do. Both are state. A page for members only is wrapped in
 *   `$components/Members.svelte`, and every page but the board has `$components/PageHeader.svelte`,
 *   which holds the ways in and out.
 * - Requests need nothing of this: the functions of `$lib/api` sign what they send, for a board as
 *   `$lib/credentials` decides, otherwise as the person. An access token that has run out is renewed
 *   and the request sent again.
 * - When the server no longer knows the device, the request fails with the problem 401 `logged_out`,
 *   and `person` is null from then on. Scores that wait stay in the outbox.
 *
 * The access token lives in memory. What renews it is a cookie that scripts never see or, where the
 * app is hosted apart from its server, a token kept here (`$lib/renew`).
 */
import type { Person, SignedIn } from './api/client';
import type { Problem } from './api/problem';
import { forget, recall, remember, watch } from './storage';

const NAME = 'person';
/** A token is replaced this long before it runs out, so that it does not do so on its way. */
const AHEAD = 20_000;

class Account {
  /** As the server last described them. */
  person = $state.raw(recall<Person>(NAME));
  /** The server could not say lately whether they still are: it takes no changes at all. */
  unsure = $state(false);
  #access: { token: string; until: number } | null = null;
  #renewing: Promise<string | null> | null = null;

  constructor() {
    watch(NAME, () => this.#become(recall<Person>(NAME)));
  }

  get isOperator(): boolean {
    return this.person?.operator ?? false;
  }

  /** What the server answered to a log-in or a renewal. */
  signedIn({ user, access_token, expires_in, refresh_token }: SignedIn): void {
    this.update(user);
    this.#access = { token: access_token, until: Date.now() + expires_in * 1000 - AHEAD };
    if (refresh_token) remember('refresh', refresh_token);
    // At hand when it is needed, perhaps without a network.
    void this.#renewer().catch(() => undefined);
  }

  /** The account was changed, by themselves. */
  update(person: Person): void {
    remember(NAME, person);
    this.#become(person);
  }

  signedOut(): void {
    forget(NAME);
    forget('refresh');
    this.#become(null);
  }

  /**
   * A token that the server takes now; null when nobody is logged in, or no longer. Throws a passing
   * `Problem` while the server cannot say.
   */
  async bearer(): Promise<string | null> {
    if (!this.person) return null;
    if (this.#access && Date.now() < this.#access.until) return this.#access.token;
    return this.renew();
  }

  /** As `bearer`, whatever the clock says: the server refused the present token. */
  renew(): Promise<string | null> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  async #renew(): Promise<string | null> {
    const { renewal } = await this.#renewer();
    const answer = await renewal().catch((problem: Problem) => {
      this.unsure = problem.status > 0;
      throw problem;
    });
    this.unsure = false;
    if (answer) this.signedIn(answer);
    else this.signedOut();
    return answer?.access_token ?? null;
  }

  #renewer = () => import('./renew');

  #become(person: Person | null): void {
    if (person?.id !== this.person?.id) this.#access = null;
    this.person = person;
  }
}

export const account = new Account();
