import { defineConfig } from '@playwright/test';
import { BROWSER } from './e2e/support/browser.ts';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  globalSetup: './e2e/support/global-setup.ts',
  workers: 2,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 8_000 },
  reporter: [['list']],
  forbidOnly: true,
  // A trace makes each test three times as long: whoever looks for a fault adds `--trace on`.
  use: { ...BROWSER, baseURL: process.env.SCOREHOLD_E2E_BASE, screenshot: 'only-on-failure' },
});
