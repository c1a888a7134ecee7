import { defineConfig } from 'vitest/config';

/**
 * The built window over the pretended engine, in the system's Chromium.
 *
 * `*.spec.ts` test what it does, without retries. `*.measure.ts`, run with `--mode measure`, test how fast it is: another
 * program may hold the machine up, so one of three runs has to meet the time.
 */
export default defineConfig(({ mode }) => {
  const kind = mode === 'measure' ? 'measure' : 'spec';
  return {
    publicDir: false,
    test: {
      include: [`tests/**/*.${kind}.ts`, `src/**/*.${kind}.ts`],
      environment: 'node',
      globalSetup: 'tests/serve.ts',
      testTimeout: 90_000,
      hookTimeout: 60_000,
      fileParallelism: false,
      retry: kind === 'measure' ? 2 : 0,
    },
  };
});
