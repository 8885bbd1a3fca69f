/* The board that was made a moment ago: its title waits to be typed over. */

let fresh: string | null = null;

export function markFresh(slug: string): void {
  fresh = slug;
}

/** True once. */
export function takeFresh(slug: string): boolean {
  const is = fresh === slug;
  if (is) fresh = null;
  return is;
}
