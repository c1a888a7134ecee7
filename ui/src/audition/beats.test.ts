import { describe, expect, it } from 'vitest';
import { barAt, beatBefore, beatNumber, beatTime_s, nearestBeat_s, nudged_s } from './beats';

const swaying = { beats_s: [0.5, 1.0, 1.6, 2.1, 2.7, 3.2], bpm: 111 };

describe('beats', () => {
  it('time and number of a beat are each other’s inverse, on, between and beyond the grid', () => {
    for (let at_s = -2; at_s < 6; at_s += 0.037) {
      expect(beatTime_s(swaying, beatNumber(swaying, at_s))).toBeCloseTo(at_s, 9);
    }
  });

  it('a nudge follows an uneven grid', () => {
    expect(nudged_s(swaying, 1.0, 1)).toBeCloseTo(1.6, 9);
    expect(nudged_s(swaying, 1.0, -1)).toBeCloseTo(0.5, 9);
  });

  it('a nudge there and back changes nothing', () => {
    expect(nudged_s(swaying, nudged_s(swaying, 1.3, 3), -3)).toBeCloseTo(1.3, 9);
  });

  it('a track without beats is nudged by its tempo', () => {
    expect(nudged_s({ beats_s: [], bpm: 60 }, 4, 2)).toBeCloseTo(6, 9);
    expect(nudged_s({ beats_s: [], bpm: null }, 4, 2)).toBeCloseTo(5, 9);
  });

  it('finds the beat before and the nearest', () => {
    expect(beatBefore(swaying.beats_s, 0.4)).toBe(-1);
    expect(beatBefore(swaying.beats_s, 1.0)).toBe(1);
    expect(nearestBeat_s(swaying.beats_s, 1.29)).toBe(1.0);
    expect(nearestBeat_s(swaying.beats_s, 1.31)).toBe(1.6);
    expect(nearestBeat_s([], 1.31)).toBe(1.31);
  });

  it('counts bars from one, and an in-point a hair early is in its bar', () => {
    const sheet = { beats_s: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], downbeats: [0, 4] };
    expect(barAt(sheet, 1.9)).toBe(1);
    expect(barAt(sheet, 1.99)).toBe(2);
    expect(barAt({ ...sheet, downbeats: [] }, 1)).toBeNull();
  });
});
