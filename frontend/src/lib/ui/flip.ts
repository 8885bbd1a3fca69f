/*
 * Rows that change places glide there. Positions are read before and after the change, starting
 * from where a row is seen (also in the middle of a glide), for visible rows only.
 */

const DURATION = 200;
const EASING = 'cubic-bezier(0.2, 0.8, 0.2, 1)';

export type Tops = Map<string, number>;

const rowsOf = (container: HTMLElement) => container.querySelectorAll<HTMLElement>('[data-flip]');

export function mayMove(): boolean {
  return !document.hidden && !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Where each visible row is seen right now. */
export function measure(container: HTMLElement): Tops {
  const tops: Tops = new Map();
  for (const row of rowsOf(container)) {
    const box = row.getBoundingClientRect();
    if (box.bottom > 0 && box.top < innerHeight) tops.set(row.dataset.flip ?? '', box.top);
  }
  return tops;
}

/** Call when the rows stand at their new places. */
export function play(container: HTMLElement, before: Tops): void {
  const moves: [HTMLElement, number][] = [];
  for (const row of rowsOf(container)) {
    const from = before.get(row.dataset.flip ?? '');
    if (from === undefined) continue;
    row.getAnimations().forEach((running) => running.id === 'flip' && running.cancel());
    const way = from - row.getBoundingClientRect().top;
    if (Math.abs(way) > 1) moves.push([row, way]);
  }
  // When most of a long list moves, gliding only hides what happened.
  if (moves.length > 12 && moves.length > before.size / 2) return;
  for (const [row, way] of moves) {
    const steps = [{ transform: `translateY(${way}px)` }, { transform: 'none' }];
    row.animate(steps, { duration: DURATION, easing: EASING, id: 'flip' });
  }
}
