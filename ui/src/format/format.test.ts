import { describe, expect, test } from 'vitest';
import { keyName, wheelHue } from './key';
import { about, bytes, fileRate, length, place } from './length';
import { frameAt, parseTimecode, rateName, secondsAt, timecode } from './timecode';
import { confidenceWord, freeWords, share } from './words';

const FILM = { fps_num: 24_000, fps_den: 1001 };
const NTSC = { fps_num: 30_000, fps_den: 1001 };
const NTSC_60 = { fps_num: 60_000, fps_den: 1001 };
const PAL = { fps_num: 25, fps_den: 1 };

describe('timecode', () => {
  test('counts in the whole number of the rate', () => {
    expect(timecode(0, PAL)).toBe('00:00:00:00');
    expect(timecode(61.2, PAL)).toBe('00:01:01:05');
    expect(timecode(secondsAt(24 * 60, FILM), FILM), '1440 frames of 23.976').toBe('00:01:00:00');
  });

  test('drops numbers at 29.97 except in every tenth minute', () => {
    expect(timecode(secondsAt(1799, NTSC), NTSC)).toBe('00:00:59;29');
    expect(timecode(secondsAt(1800, NTSC), NTSC)).toBe('00:01:00;02');
    expect(timecode(secondsAt(17_982, NTSC), NTSC)).toBe('00:10:00;00');
    expect(timecode(secondsAt(107_892, NTSC), NTSC), 'an hour').toBe('01:00:00;00');
    expect(timecode(secondsAt(3600, NTSC_60), NTSC_60)).toBe('00:01:00;04');
  });

  test.each([['23.976', FILM], ['29.97', NTSC], ['59.94', NTSC_60], ['25', PAL]] as const)('is read back to its own frame at %s', (_name, rate) => {
    for (let frame = 0; frame < 40_000; frame += 97) {
      const at_s = secondsAt(frame, rate);
      expect(frameAt(at_s, rate), `frame ${frame} of its own time`).toBe(frame);
      expect(frameAt(parseTimecode(timecode(at_s, rate), rate) ?? -1, rate), `frame ${frame} of its timecode`).toBe(frame);
    }
  });

  test('takes short forms and refuses what is none', () => {
    expect(parseTimecode('1:12', FILM)).toBe(72);
    expect(parseTimecode('12.5', FILM)).toBe(12.5);
    expect(parseTimecode('00:00:01:29', FILM), 'frame 29 of 24').toBeNull();
    expect(parseTimecode('soon', FILM)).toBeNull();
    expect(parseTimecode('', FILM)).toBeNull();
  });

  test('names the rate as editors do', () => {
    expect([FILM, NTSC, PAL].map(rateName)).toEqual(['23.976', '29.97', '25']);
  });
});

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
