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
  use: { ...BROWSER, baseURL: process.env.SCOREHOLD_E2E_BASE, trace: 'retain-on-failure' },
});
