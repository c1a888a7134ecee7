import { expect, test } from 'vitest';
import { keyName, wheelHue } from './key';
import { about, bytes, fileRate, length, place } from './length';
import { confidenceWord, freeWords, share } from './words';

test('lengths, places, sizes and durations are short', () => {
  expect([length(192), length(59.6), length(3725)]).toEqual(['3:12', '1:00', '1:02:05']);
  expect([place(20.21), place(0), place(119.97)]).toEqual(['0:20.2', '0:00.0', '2:00.0']);
  expect([bytes(512), bytes(3_812_000_000), bytes(410_000_000)]).toEqual(['512 B', '3.8 GB', '410 MB']);
  expect([about(12), about(180), about(4800)]).toEqual(['12 s', '3 min', '1 h 20 min']);
});

test('a speed is told in the unit that gives a whole number', () => {
  expect([fileRate(720), fileRate(60), fileRate(3.2), fileRate(1), fileRate(0.25)]).toEqual([
    '12 files a second', '1 file a second', '3 files a minute', '1 file a minute', '1 file in 4 min',
  ]);
});

test('keys are read as musicians write them, and neighbours on the wheel look alike', () => {
  expect([keyName('Am'), keyName('F#'), keyName('Bbm')]).toEqual(['A min', 'F♯ maj', 'B♭ min']);
  expect([wheelHue('8A'), wheelHue('9B'), wheelHue('7A'), wheelHue('1A')]).toEqual([240, 270, 210, 30]);
});

test('a confidence is shown as a word', () => {
  expect([0.71, 0.6, 0.4, 0.1].map(confidenceWord)).toEqual(['good', 'good', 'fair', 'weak']);
  expect([0.6, 0.05, 1, 0.996].map(share)).toEqual(['.60', '.05', '1.0', '1.0']);
});

test('words that are shown as a chip are not shown again', () => {
  const chips = [{ text: 'drums', wanted: false }, { text: '96 BPM ±', wanted: true }];
  expect(freeWords('warm, hopeful strings, no drums, 96 bpm', chips)).toBe('warm, hopeful strings');
  expect(freeWords('warm', [])).toBe('warm');
});
