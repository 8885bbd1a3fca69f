/* Sharing a board: its address, without a key, goes where the device puts such things. */
import type { Game } from '$lib/api/client';
import { navigation } from '$lib/navigation.svelte';
import { paths, shareLink } from '$lib/paths';
import { toasts } from '$ui/toasts.svelte';

export async function share({ slug, title, visibility, my_role }: Game): Promise<void> {
  const links = { run: () => navigation.go(paths.links(slug)) };
  if (visibility === 'private') {
    const label = 'Make a link';
    const text = 'This board is private: people come by a link that you make for them.';
    return toasts.note(text, my_role === 'own' ? { label, ...links } : undefined);
  }
  const url = shareLink(slug);
  try {
    if (matchMedia('(pointer: coarse)').matches && navigator.share) {
      await navigator.share({ title, url });
    } else {
      await navigator.clipboard.writeText(url);
      const more = my_role === 'own' ? { label: 'More links', ...links } : undefined;
      toasts.note('Link copied. Whoever has it can watch.', more);
    }
  } catch (cause) {
    // Closing the share sheet is no fault.
    if ((cause as Error).name !== 'AbortError') toasts.note(url);
  }
}
