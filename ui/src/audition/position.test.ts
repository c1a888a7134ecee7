import { describe, expect, it } from 'vitest';
import type { Clock } from '../platform/types';
import { offset_ms, positionAt } from './position';

const clock: Clock = {
  clip: 'c1', position_s: 20, at_ms: 1_000, playing: true, rate: 1, range_s: [10, 30], looping: true, track_id: null, start_s: 0,
  output: null, underruns: 0,
};

describe('the position of the sound', () => {
  it('moves while playing and stands while not', () => {
    expect(positionAt(clock, 3_500, 90)).toBeCloseTo(22.5, 9);
    expect(positionAt({ ...clock, rate: -2 }, 3_500, 90)).toBeCloseTo(15, 9);
    expect(positionAt({ ...clock, playing: false }, 3_500, 90)).toBe(20);
  });

  it('goes round in a loop, either way', () => {
    expect(positionAt(clock, 12_000, 90)).toBeCloseTo(11, 9);
    expect(positionAt({ ...clock, rate: -1 }, 12_000, 90)).toBeCloseTo(29, 9);
  });

  it('waits at the out-point where nothing loops, and at the clip’s ends', () => {
    expect(positionAt({ ...clock, looping: false }, 60_000, 90)).toBe(30);
    expect(positionAt({ ...clock, looping: false, position_s: 50 }, 60_000, 90)).toBe(90);
    expect(positionAt({ ...clock, looping: false, rate: -4 }, 60_000, 90)).toBe(0);
  });

  it('plays on where it was put outside a loop', () => {
    expect(positionAt({ ...clock, position_s: 40 }, 6_000, 90)).toBeCloseTo(45, 9);
  });

  it('tells the offset over the seam of a loop the shorter way round', () => {
    expect(offset_ms(29.99, 10.01, clock)).toBeCloseTo(-20, 6);
    expect(offset_ms(10.01, 29.99, clock)).toBeCloseTo(20, 6);
    expect(offset_ms(29.99, 10.01, { ...clock, looping: false })).toBeCloseTo(19_980, 6);
  });
});
