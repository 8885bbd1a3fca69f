/* Which part of a long list stands in the document. Pure, so that it can be tested. */

export interface Window {
  start: number;
  end: number;
  before: number;
  after: number;
}

interface List {
  count: number;
  height: number;
  /** The first rows may be taller. */
  tall: number;
  tallHeight: number;
}

const SPARE = 8;

/** `top` is how far the list is scrolled out of the view, negative before it begins. */
export function windowOf(list: List, top: number, view: number): Window {
  const extra = list.tall * (list.tallHeight - list.height);
  const offset = (index: number) =>
    index * list.height + Math.min(index, list.tall) * (list.tallHeight - list.height);
  const at = (y: number) => Math.floor(Math.max(0, y - extra) / list.height);
  const start = Math.min(list.count, Math.max(0, at(top) - SPARE));
  const end = Math.min(list.count, at(top + view + extra) + 1 + SPARE);
  return { start, end, before: offset(start), after: offset(list.count) - offset(end) };
}
