/* The views of a board beside its standings: each is loaded when it is shown. */
import type { View } from '$lib/paths';

export async function viewOf(view: View) {
  if (view === 'rounds') return (await import('./RoundsView.svelte')).default;
  if (view === 'links') return (await import('./links/LinksView.svelte')).default;
  return (await import('./history/HistoryView.svelte')).default;
}
