import { expect, test } from 'vitest';
import type { Row } from '../platform/types';
import { landing, spoken } from './spoken';

const ROW = { rank: 1, title: 'Thaw', artist: 'Kestrel Row', bpm: 97.2, key: 'Dm', camelot: '7A', duration_s: 210, start_s: 20.2, score: 0.841 } as Row;

test('a row is read as one sentence', () => {
  expect(spoken(ROW, true, 0)).toBe('1. Thaw, by Kestrel Row, 97 BPM, D min, 7A, 3:30, score 84, saved');
});

test('an early end is read too', () => {
  expect(spoken({ ...ROW, duration_s: 15 }, false, 44)).toContain('0:15, ends 44 s before the out-point, score 84');
});

test('unknown values are left out', () => {
  expect(spoken({ ...ROW, artist: null, bpm: null, key: null, camelot: null }, false, 0)).toBe('1. Thaw, 3:30, score 84');
});

test('the landing line tells the start and the cuts on beats', () => {
  expect(landing({ ...ROW, bpm: 120, start_s: 20, alignment: { score: 0.5, cuts: 5, cuts_landed: 4, landings: [] } })).toBe('Starts near bar 11 (0:20.0) · 4 of 5 cuts on its beats');
  expect(landing({ ...ROW, start_s: 0, alignment: null })).toBe('Starts at its beginning');
});
