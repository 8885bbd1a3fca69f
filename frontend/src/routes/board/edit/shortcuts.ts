/* What a key or a paste means on the board's page. */
import { parseNames } from '$lib/domain/names';

const typesInto = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');

/** In a field, Ctrl+Z belongs to the text; in a dialog, the board stands still. */
export function wantsUndo(event: KeyboardEvent): boolean {
  const pressed = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === 'z';
  return pressed && !typesInto(event.target) && !document.querySelector('dialog[open]');
}

/**
 * The pasted text, when it is a list of names: anywhere but in a dialog. A single name pasted
 * into a field is only text.
 */
export function namesToAdd(event: ClipboardEvent): string | null {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (event.target instanceof Element && event.target.closest('dialog')) return null;
  return parseNames(text).length > 1 ? text : null;
}
