import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import config from './svelte.config.js';

export default ts.config(
  { ignores: ['dist', 'dist-*', 'node_modules', 'tests/media'] },
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser, svelteConfig: config } } },
  // Plain scripts, which no tsconfig lists.
  { files: ['**/*.js', '**/*.mjs'], ...ts.configs.disableTypeChecked },
  // In markup the parser takes each component's props for `any`; svelte-check knows them.
  {
    files: ['**/*.svelte'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((what) => [`@typescript-eslint/no-unsafe-${what}`, 'off']),
    ),
  },
  // The fake platform answers promises without waiting, and rejects with a Fault as the shell does.
  {
    files: ['src/platform/fake.ts', 'src/platform/fake/**', '**/*.test.ts'],
    rules: { '@typescript-eslint/require-await': 'off', '@typescript-eslint/prefer-promise-reject-errors': 'off' },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Only the real platform may know the shell.
      'no-restricted-imports': ['error', { patterns: ['@tauri-apps/*'] }],
    },
  },
  { files: ['src/platform/tauri.ts'], rules: { 'no-restricted-imports': 'off' } },
);
