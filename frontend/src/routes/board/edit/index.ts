/* Everything that only a person with a key needs, as one piece of code. */
export { Actions } from './actions';
export { default as AddPlayer } from './AddPlayer.svelte';
export { default as Dock } from './Dock.svelte';
export { default as KeysAndPaste } from './KeysAndPaste.svelte';
export { default as KeepChip } from '../keep/KeepChip.svelte';
export { default as KeepOffer } from '../keep/KeepOffer.svelte';
export { default as RowTools } from './RowTools.svelte';
export { default as TabTools } from './TabTools.svelte';
export { default as TitleField } from './TitleField.svelte';
