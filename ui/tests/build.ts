// Builds in the environment of a command line: the tests' own would make a development build.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = join(dirname(fileURLToPath(import.meta.url)), '..');
const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');

export function build(...flags: string[]): void {
  const env = { ...process.env, NODE_ENV: 'production' };
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn', ...flags], { cwd: top, env, stdio: 'inherit' });
  if (built.status !== 0) throw new Error(`vite build ${flags.join(' ')} was expected to end well; it ended with ${built.status}`);
}
