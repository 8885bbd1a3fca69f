import '@testing-library/jest-dom/vitest';
import 'fake-indexeddb/auto';

// What jsdom lacks and the app asks for; some tests need no document at all.
if (typeof document !== 'undefined') {
  Element.prototype.animate ??= () => ({ cancel() {} }) as unknown as Animation;
  Element.prototype.getAnimations ??= () => [];
  globalThis.matchMedia ??= ((query: string) => ({ matches: false, media: query })) as never;
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  } as never;
}
