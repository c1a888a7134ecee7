import { expect, test } from 'vitest';
import { NO_FILTERS } from '../../session/brief.svelte';
import { saidBpm, saidKey, saidLength, saidLicences, saidTags, saidVoices, typedRange } from './said';

const all = [saidBpm, saidKey, saidTags, saidVoices, saidLength, saidLicences];

test('a filter that is not set has no text', () => {
  expect(all.map((said) => said(NO_FILTERS))).toEqual([null, null, null, null, null, null]);
});

test('a set filter has a text of one or two words', () => {
  const filters = { bpm: [85, 110] as [number, number], key: '8A', tags: ['strings', 'warm', 'folk'], voices: 'instrumental' as const, duration_s: [60, 180] as [number, number], licences: ['CC0-1.0', 'CC-BY-4.0'] };
  expect(all.map((said) => said(filters))).toEqual(['BPM 85–110', 'key fits 8A', 'strings, warm +1', 'instrumental', '1:00–3:00', 'CC0-1.0 +1']);
});

test('an open end is named', () => {
  expect(saidLength({ ...NO_FILTERS, duration_s: [0, 90] })).toBe('up to 1:30');
  expect(saidLength({ ...NO_FILTERS, duration_s: [120, 3600] })).toBe('over 2:00');
});

test('a range typed with its ends swapped is put in order', () => {
  expect(typedRange(110, 85, 300)).toEqual([85, 110]);
  expect(typedRange(null, 120, 300)).toEqual([0, 120]);
  expect(typedRange(90, null, 300)).toEqual([90, 300]);
  expect(typedRange(null, null, 300)).toBeNull();
});
