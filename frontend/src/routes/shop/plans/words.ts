import type { Product } from '$lib/api/client';

/** How long one of it lasts, and what for. */
export function duration({ days, scope }: Product): string {
  const what = scope === 'account' ? 'all your boards' : 'one board';
  if (days === null) return `once, for ${what}`;
  return days === 1 ? `a day, for ${what}` : `${days} days, for ${what}`;
}
