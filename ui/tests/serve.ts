// Builds the window with the fake engine and serves it on a free loopback port while the tests run.
import { preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { build } from './build';
import { makeMedia } from './media.js';

declare module 'vitest' {
  export interface ProvidedContext {
    address: string;
  }
}

/** The shell's content policy, so that a violation fails here too. */
const POLICY = "default-src 'self'; img-src 'self' data:; media-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'";

export default async function serve(project: TestProject) {
  makeMedia();
  build('--mode', 'fake');
  const server = await preview({ mode: 'fake', logLevel: 'warn', build: { outDir: 'dist-fake' }, preview: { host: '127.0.0.1', port: 0, strictPort: false, headers: { 'Content-Security-Policy': POLICY } } });
  const bound = server.httpServer.address();
  if (bound === null || typeof bound === 'string') throw new Error('a loopback port was expected; the server has none');
  project.provide('address', `http://127.0.0.1:${bound.port}`);
  return () => server.close();
}
