import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { demoMeta, firstPaint } from './vite/head.ts';
import { bareImports } from './vite/imports.ts';

const server = process.env.SCOREHOLD_DEV_SERVER ?? 'http://127.0.0.1:8080';
const served = ['/api', '/openapi.json', '/docs', '/problems', '/healthz', '/readyz', '/status'];
const folder = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  plugins: [svelte(), svelteTesting(), demoMeta(), firstPaint(), bareImports()],
  resolve: {
    alias: {
      $app: folder('app'),
      $routes: folder('routes'),
      $components: folder('components'),
      $ui: folder('lib/ui'),
      $lib: folder('lib'),
    },
  },
  server: { proxy: Object.fromEntries(served.map((path) => [path, { target: server }])) },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'safari17.5', 'firefox128'],
    // The CSP has no data: for fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    manifest: true,
    // All of the CSS is smaller than the code that would load it in parts.
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      // The board and its framework in one chunk: together they compress better.
      output: { codeSplitting: { groups: [{ name: 'board', test: /svelte\/src|src\/main/ }] } },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
  },
});
