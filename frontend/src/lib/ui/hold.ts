/* An attachment: a tap acts once, a finger that stays acts again and again, faster and faster. */
import type { Attachment } from 'svelte/attachments';

const FIRST = 450;
const SLOWEST = 160;
const FASTEST = 60;

export function hold(act: (continues: boolean) => void): Attachment<HTMLElement> {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pace = SLOWEST;

    const repeat = () => {
      act(true);
      pace = Math.max(FASTEST, pace * 0.9);
      timer = setTimeout(repeat, pace);
    };
    const press = (event: PointerEvent) => {
      if (event.button !== 0) return;
      act(false);
      pace = SLOWEST;
      clearTimeout(timer);
      timer = setTimeout(repeat, FIRST);
    };
    const release = () => clearTimeout(timer);
    /** A keyboard or a screen reader clicks without a pointer. */
    const click = (event: MouseEvent) => {
      if (event.detail === 0) act(false);
    };
    const quiet = (event: Event) => event.preventDefault();

    element.addEventListener('pointerdown', press);
    element.addEventListener('pointerup', release);
    element.addEventListener('pointerleave', release);
    element.addEventListener('pointercancel', release);
    element.addEventListener('click', click);
    element.addEventListener('contextmenu', quiet);
    return () => {
      release();
      element.removeEventListener('pointerdown', press);
      element.removeEventListener('pointerup', release);
      element.removeEventListener('pointerleave', release);
      element.removeEventListener('pointercancel', release);
      element.removeEventListener('click', click);
      element.removeEventListener('contextmenu', quiet);
    };
  };
}
