/* The address bar as state. Pages go somewhere by calling `go`; the app decides what to show. */

class Navigation {
  path = $state(location.pathname);
  /** Where one was before: a page that is passed through leads back there. */
  from: string | null = null;

  constructor() {
    addEventListener('popstate', () => this.#show(location.pathname));
  }

  go(path: string): void {
    if (path !== location.pathname) history.pushState(null, '', path);
    this.#show(path);
    scrollTo(0, 0);
  }

  /** Like `go`, but the way back does not lead here again. */
  leaveFor(path: string): void {
    history.replaceState(null, '', path);
    this.go(path);
  }

  #show(path: string): void {
    if (path !== this.path) this.from = this.path;
    this.path = path;
  }
}

export const navigation = new Navigation();
