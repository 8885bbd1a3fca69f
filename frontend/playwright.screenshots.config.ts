import { defineConfig } from '@playwright/test';
import e2e from './playwright.config.ts';

/** The pictures of the README: `npm run screenshots`. */
export default defineConfig(e2e, { testDir: 'e2e/screenshots', testMatch: '*.shots.ts' });
