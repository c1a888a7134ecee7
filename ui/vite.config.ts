import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ command, mode }) => ({
  plugins: [svelte()],
  clearScreen: false,
  // The test video is served only where the pretended engine may run.
  publicDir: command === 'serve' || mode === 'fake' ? 'tests/media' : false,
  server: { port: 1420, strictPort: true },
  // WebKitGTK 2.40 and later, WKWebView of macOS 13, WebView2.
  build: { target: ['es2022', 'safari16'], outDir: mode === 'fake' ? 'dist-fake' : 'dist', emptyOutDir: true },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
}));
