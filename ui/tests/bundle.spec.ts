// The release build contains no fake engine and nothing that a strict content policy forbids.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build } from './build';

test('a release build contains no fake engine and no inline code', () => {
  const out = mkdtempSync(join(tmpdir(), 'needledrop-build-'));
  try {
    build('--outDir', out, '--emptyOutDir');
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' });
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    const scripts = files.filter((file) => file.endsWith('.js')).map((file) => readFileSync(join(out, file), 'utf8'));
    expect(scripts.length, 'there is something to look at').toBeGreaterThan(0);
    expect(scripts.some((script) => script.includes('Tidewater Suite')), 'the invented tracks').toBe(false);
    expect(files.filter((file) => file.endsWith('.mp4')), 'the test video').toEqual([]);
    expect(page, 'a script of its own').not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(scripts.some((script) => /\bnew Function\b|\beval\(/.test(script)), 'code made of text').toBe(false);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
