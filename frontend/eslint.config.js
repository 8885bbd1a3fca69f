import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

// Imports point one way: app -> routes -> components -> ui -> lib. Each folder
// names the layers it must not know; $-aliases make every crossing visible.
const layers = { app: '$app/**', routes: '$routes/**', components: '$components/**', ui: '$ui/**' };
const generated = {
  group: ['**/schema', '**/schema.d'],
  message: 'Import types from $lib/api/client.',
};

const refuse = (...names) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        generated,
        ...names.map((name) => ({
          group: [layers[name], `**/${name}/**`],
          message: `This layer does not know ${name}.`,
        })),
      ],
    },
  ],
});

export default ts.config(
  {
    ignores: [
      'dist',
      'node_modules',
      'playwright-report',
      'test-results',
      'src/lib/api/schema.d.ts',
    ],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-undef': 'off',
      eqeqeq: ['error', 'smart'],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  {
    files: ['**/*.svelte'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "SvelteAttribute[key.name='style']",
          message: 'The CSP refuses style attributes: use a class or a style: directive.',
        },
      ],
    },
  },
  {
    files: ['**/*.svelte.ts'],
    // State that holds collections is raw and replaced as a whole; other collections are no state.
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  { files: ['src/app/**'], rules: refuse() },
  { files: ['src/routes/**'], rules: refuse('app') },
  { files: ['src/components/**'], rules: refuse('app', 'routes') },
  { files: ['src/lib/**'], rules: refuse('app', 'routes', 'components', 'ui') },
  { files: ['src/lib/ui/**'], rules: refuse('app', 'routes', 'components') },
  {
    files: ['src/lib/domain/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\./|vitest$|.*\\.vectors\\.json$)',
              message: 'The domain is pure: it imports only itself.',
            },
          ],
        },
      ],
    },
  },
  { files: ['src/lib/api/client.ts'], rules: { 'no-restricted-imports': 'off' } },
);
