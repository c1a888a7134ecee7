import { expect, test } from 'vitest';
import { indexedSummary } from './indexed';

test.each([
  [0, 0, 'No new tracks'],
  [1, 0, '1 track added'],
  [1200, 0, '1,200 tracks added'],
  [2, 1, '2 tracks added; 1 file could not be read (Settings, Music)'],
  [0, 31, 'No new tracks; 31 files could not be read (Settings, Music)'],
])('%i added and %i failed', (added, failed, text) => {
  expect(indexedSummary({ added, failed, failures: [], passed_over: [] })).toBe(text);
});
