import { defineConfig } from 'vitest/config';

// The browser lane: the built window over the pretended engine, in a Chromium of the system.
export default defineConfig({
  publicDir: false,
  test: {
    include: ['tests/**/*.spec.ts', 'src/**/*.spec.ts'],
    environment: 'node',
    globalSetup: 'tests/serve.ts',
    testTimeout: 90_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    // Some of these measure times, and a machine that others use too may hold one up.
    retry: process.env.CI ? 2 : 0,
  },
});
