import { expect, it } from 'vitest';
import type { TrackTimeline } from '../platform/types';
import { dots, landedWords, moments } from './landings';

const sheet: TrackTimeline = {
  track_id: 'a', duration_s: 20, bpm: 120, beats_s: Array.from({ length: 40 }, (_, i) => i / 2), downbeats: [0, 4, 8, 12, 16],
  per_bar: 4, peaks: { rate_hz: 1, values: [] }, loudness_lufs: null, ending: null, ending_s: null,
};
const hits = [10, 10.54, 11.2, 12, 40];

it('lands within a frame of a beat and not beyond', () => {
  const found = dots(hits, sheet, 0, [10, 30], 1 / 25);
  expect(found.map(({ landed }) => landed)).toEqual([true, true, false, true]);
  expect(dots(hits, sheet, 0, [10, 30], 1 / 30)[1]?.landed).toBe(false);
});

it('knows what lands on a bar', () => {
  expect(dots(hits, sheet, 0, [10, 30], 1 / 25).map(({ on_bar }) => on_bar)).toEqual([true, false, false, true]);
});

it('follows the music when it is slipped', () => {
  expect(dots(hits, sheet, 0.3, [10, 30], 1 / 25).map(({ landed }) => landed)).toEqual([false, false, true, false]);
});

it('nothing lands where the track has ended or has no beats', () => {
  expect(dots(hits, sheet, 19.5, [10, 30], 1 / 25).map(({ landed }) => landed)).toEqual([true, false, false, false]);
  expect(dots(hits, { ...sheet, beats_s: [] }, 0, [10, 30], 1 / 25)).toEqual([]);
});

it('says it in words', () => {
  expect(landedWords(dots(hits, sheet, 0, [10, 30], 1 / 25))).toBe('3 of 4 within a frame');
  expect(landedWords([])).toBeNull();
});

it('looks at cuts and at what hits hard besides, each moment once', () => {
  const cuts = [{ time_s: 4, kind: 'cut' as const, score: 1 }];
  const found = moments({ cuts, hits: [{ time_s: 4.04, strength: 1 }, { time_s: 2, strength: 0.9 }, { time_s: 3, strength: 0.2 }] });
  expect(found).toEqual([2, 4]);
});
