/* The address bar as state. Pages go somewhere by calling `go`; the app decides what to show. */

class Navigation {
  path = $state(location.pathname);

  constructor() {
    addEventListener('popstate', () => (this.path = location.pathname));
  }

  go(path: string): void {
    if (path !== location.pathname) history.pushState(null, '', path);
    this.path = path;
    scrollTo(0, 0);
  }
}

export const navigation = new Navigation();
