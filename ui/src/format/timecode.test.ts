import { describe, expect, test } from 'vitest';
import { frameAt, parseTimecode, rateName, secondsAt, timecode, type Rate } from './timecode';
import vectors from './timecode.vectors.json';

const FILM = { fps_num: 24_000, fps_den: 1001 };
const NTSC = { fps_num: 30_000, fps_den: 1001 };
const NTSC_60 = { fps_num: 60_000, fps_den: 1001 };
const PAL = { fps_num: 25, fps_den: 1 };
const from = (rate: Rate, frame: number, drop_frame = false): Rate => ({ ...rate, start_timecode: { frame, drop_frame } });

describe('timecode', () => {
  test.each(vectors.shown)('at $at_s s of $rate.fps_num/$rate.fps_den is $label', ({ rate, at_s, frame, label }) => {
    expect(frameAt(at_s, rate), 'frame').toBe(frame);
    expect(timecode(at_s, rate)).toBe(label);
    expect(parseTimecode(label, rate), 'start of the frame').toBeCloseTo(secondsAt(frame, rate), 9);
  });

  test.each(vectors.refused)('$text is refused at $rate.fps_num/$rate.fps_den', ({ rate, text }) => {
    expect(parseTimecode(text, rate)).toBeNull();
  });

  test('has vectors of all rates', () => {
    expect(new Set(vectors.shown.map(({ rate }) => rateName(rate)))).toEqual(new Set(['23.976', '24', '25', '29.97', '30', '50', '59.94', '60', '119.88']));
  });

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

  test('is the camera\'s where the clip has one', () => {
    expect(timecode(2, from(PAL, 900_010))).toBe('10:00:02:10');
    expect(timecode(0, from(NTSC, 1800)), 'the camera did not drop').toBe('00:01:00:00');
    expect(timecode(0, from(NTSC, 1800, true))).toBe('00:01:00;02');
    expect(parseTimecode('10:00:02:10', from(PAL, 900_010))).toBe(2);
    expect(parseTimecode('1:12', from(PAL, 900_010)), 'seconds count from the start of the clip').toBe(72);
    expect(parseTimecode('00:00:02:10', from(PAL, 900_010)), 'before the clip').toBeNull();
  });

  test('goes on after midnight', () => {
    const late = from(PAL, 24 * 3600 * 25 - 25);
    expect(timecode(0, late)).toBe('23:59:59:00');
    expect(timecode(1, late)).toBe('00:00:00:00');
    expect(parseTimecode('00:00:00:05', late)).toBe(1.2);
  });

  test.each([['23.976', FILM], ['29.97', NTSC], ['59.94', NTSC_60], ['25', PAL], ['29.97 from 01:00:00;00', from(NTSC, 107_892, true)]] as const)('is read back to its own frame at %s', (_name, rate) => {
    for (let frame = 0; frame < 40_000; frame += 97) {
      const at_s = secondsAt(frame, rate);
      expect(frameAt(at_s, rate), `frame ${frame} of its own time`).toBe(frame);
      expect(frameAt(parseTimecode(timecode(at_s, rate), rate) ?? -1, rate), `frame ${frame} of its timecode`).toBe(frame);
    }
  });

  test('takes short forms and colons, and the next frame for a skipped label', () => {
    expect(parseTimecode('1:12', FILM)).toBe(72);
    expect(parseTimecode('12.5', FILM)).toBe(12.5);
    expect(frameAt(parseTimecode('00:01:00:02', NTSC) ?? -1, NTSC), 'colons at 29.97').toBe(1800);
    expect(frameAt(parseTimecode('00:01:00;00', NTSC) ?? -1, NTSC), 'a skipped label').toBe(1800);
  });

  test('refuses what is not a timecode', () => {
    expect(parseTimecode('00:00:01:29', FILM), 'frame 29 of 24').toBeNull();
    expect(parseTimecode('soon', FILM)).toBeNull();
    expect(parseTimecode('', FILM)).toBeNull();
  });

  test('names the rate as editors do', () => {
    expect([FILM, NTSC, PAL].map(rateName)).toEqual(['23.976', '29.97', '25']);
  });
});
