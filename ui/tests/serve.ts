// Builds the window with the pretended engine and serves it on a free loopback port for as long as the tests run.
import { build, preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { makeMedia } from './media.js';

declare module 'vitest' {
  export interface ProvidedContext {
    address: string;
  }
}

export default async function serve(project: TestProject) {
  makeMedia();
  await build({ mode: 'fake', logLevel: 'warn' });
  const server = await preview({ mode: 'fake', logLevel: 'warn', build: { outDir: 'dist-fake' }, preview: { host: '127.0.0.1', port: 0, strictPort: false } });
  const bound = server.httpServer.address();
  if (bound === null || typeof bound === 'string') throw new Error('a loopback port was expected; the server has none');
  project.provide('address', `http://127.0.0.1:${bound.port}`);
  return () => server.close();
}
