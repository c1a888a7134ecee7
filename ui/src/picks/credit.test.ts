import { expect, test } from 'vitest';
import { credit } from './credit';

test('the catalog’s wording is used unchanged', () => {
  expect(credit({ title: 'Thaw', artist: 'Kestrel Row', licence: 'CC0-1.0', attribution: 'Thaw (c) Kestrel Row' })).toBe('Thaw (c) Kestrel Row');
});

test('without a wording the line lists what is known', () => {
  expect(credit({ title: 'Thaw', artist: 'Kestrel Row', licence: 'CC-BY-4.0' })).toBe('“Thaw” by Kestrel Row, CC-BY-4.0');
  expect(credit({ title: 'Thaw', artist: null, licence: null })).toBe('“Thaw”');
});
