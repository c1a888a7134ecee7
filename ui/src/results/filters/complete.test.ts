import { expect, test } from 'vitest';
import { complete } from './complete';

const KNOWN = ['acoustic', 'ambient', 'dark', 'guitar', 'slow', 'sparse', 'warm'];

test('tags that begin with the word come before tags that contain it', () => {
  expect(complete('ar', KNOWN, [])).toEqual(['dark', 'guitar', 'sparse', 'warm']);
  expect(complete('a', KNOWN, [])[0]).toBe('acoustic');
  expect(complete('S', KNOWN, []).slice(0, 2)).toEqual(['slow', 'sparse']);
});

test('chosen tags are not offered again', () => {
  expect(complete('', KNOWN, ['dark', 'slow'])).toEqual(['acoustic', 'ambient', 'guitar', 'sparse', 'warm']);
});
