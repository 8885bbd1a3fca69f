/*
 * Every test runs guarded: an error in the console, a refusal by the CSP or a request to a
 * foreign host fails it, unless the test says that it expects it.
 */
import {
  expect,
  test as base,
  type BrowserContext,
  type BrowserContextOptions,
} from '@playwright/test';

export interface Guard {
  /** Expected in the console, like the browser's line about a 404. */
  allow(pattern: RegExp): void;
  watch(context: BrowserContext): void;
}

interface Fixtures {
  guard: Guard;
  /** A further browser: other storage, other person. */
  another: (options?: BrowserContextOptions) => Promise<BrowserContext>;
}

export const test = base.extend<Fixtures>({
  guard: [
    async ({ context }, use) => {
      const faults: string[] = [];
      const allowed: RegExp[] = [];
      const watch = (watched: BrowserContext) => {
        watched.on('weberror', (fault) => faults.push(String(fault.error())));
        watched.on('console', (message) => {
          if (['error', 'warning'].includes(message.type())) faults.push(message.text());
        });
        watched.on('request', (request) => {
          const { protocol, hostname } = new URL(request.url());
          const own = hostname === '127.0.0.1' || protocol === 'data:' || protocol === 'blob:';
          if (!own) faults.push(`foreign host: ${request.url()}`);
        });
      };
      watch(context);
      await use({ watch, allow: (pattern) => void allowed.push(pattern) });
      expect(faults.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],

  another: async ({ browser, guard }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      guard.watch(context);
      opened.push(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },
});

export { expect };
