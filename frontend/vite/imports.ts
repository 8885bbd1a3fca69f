import type { Plugin } from 'vite';

/**
 * Vite wraps every lazy import in a helper that preloads what the chunk needs. We turn that off, and
 * the helper would stay as dead weight in the board's budget: here it is a call.
 */
export function bareImports(): Plugin {
  return {
    name: 'scorehold:bare-imports',
    apply: 'build',
    enforce: 'pre',
    load: {
      filter: { id: /^\0vite\/preload-helper/ },
      handler: () => 'export const __vitePreload = (load) => load();',
    },
  };
}
