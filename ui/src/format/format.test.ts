import { expect, test } from 'vitest';
import { keyName, wheelHue } from './key';
import { about, bytes, fileRate, length, place } from './length';
import type { WordDoc } from '../platform/types';
import { chipsOf, confidenceWord, share } from './words';

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

test('a chip says what its words became', () => {
  const word = (text: string, became: WordDoc['became'], target: string | null, through: string | null = null): WordDoc => ({ text, became, target, through });
  const chips = chipsOf([
    word('fast', 'tempo', 'over 118 BPM'),
    word('driving', 'tempo', 'over 108 BPM'),
    word('driving', 'energy', 'high energy'),
    word('no drums', 'refused', 'drums'),
    word('wacky', 'valence', 'bright feeling', 'quirky'),
    word('military', 'vague', null),
  ]);
  expect(chips.map(({ text, became }) => `${text} → ${became}`)).toEqual([
    'fast → over 118 BPM',
    'driving → over 108 BPM, high energy',
    'no drums → refused: drums',
    'wacky → near: quirky, bright feeling',
    'military → vague',
  ]);
  expect(chips.map(({ kind }) => kind)).toEqual(['measured', 'measured', 'refused', 'near', 'vague']);
});
