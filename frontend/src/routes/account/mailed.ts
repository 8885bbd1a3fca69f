/* The token that a mail brought, `#t=…`: taken once, and gone from the address bar. */

export function takeMailedToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('t');
  history.replaceState(history.state, '', location.pathname);
  return token;
}
