/* A click on a link of the app changes the page without loading it. */
import { navigation } from '$lib/navigation.svelte';
import { placeOf } from '$lib/paths';

export function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest('a');
  if (!link || link.target || link.origin !== location.origin || link.hash) return;
  // The documentation and the like belong to the server.
  if (placeOf(link.pathname).page === 'lost') return;
  event.preventDefault();
  navigation.go(link.pathname);
}
