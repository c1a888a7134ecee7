import { describe, expect, it } from 'vitest';
import { length_s, movedTo, RANGE_LEAST_S, RANGE_MOST_S, withIn, withOut, type Range } from './range';

describe('a range', () => {
  it('keeps its other end where it can', () => {
    expect(withIn([10, 60], 20, 300)).toEqual([20, 60]);
    expect(withOut([10, 60], 40, 300)).toEqual([10, 40]);
  });

  it('carries its length along when one end passes the other', () => {
    expect(withIn([10, 60], 70, 300)).toEqual([70, 120]);
    expect(withOut([100, 150], 80, 300)).toEqual([30, 80]);
  });

  it('pulls the other end along at 120 s', () => {
    expect(withIn([100, 200], 20, 300)).toEqual([20, 140]);
    expect(withOut([20, 100], 200, 300)).toEqual([80, 200]);
  });

  it('moves whole and stays inside the clip', () => {
    expect(movedTo([10, 60], 280, 300)).toEqual([250, 300]);
    expect(movedTo([10, 60], -4, 300)).toEqual([0, 50]);
  });

  it('is always inside the clip, not empty and not too long', () => {
    const moves = [withIn, withOut, movedTo];
    for (let i = 0; i < 3_000; i++) {
      const duration_s = 2 + ((i * 37) % 400);
      const at_s = -20 + ((i * 61.7) % 460);
      const from_s = Math.min(duration_s - 1, (i * 13.3) % duration_s);
      const range: Range = [from_s, Math.min(duration_s, from_s + 1 + ((i * 7) % 119))];
      const moved = (moves[i % 3] ?? withIn)(range, at_s, duration_s);
      expect(moved[0]).toBeGreaterThanOrEqual(0);
      expect(moved[1]).toBeLessThanOrEqual(duration_s + 1e-9);
      expect(length_s(moved)).toBeGreaterThanOrEqual(RANGE_LEAST_S - 1e-9);
      expect(length_s(moved)).toBeLessThanOrEqual(RANGE_MOST_S + 1e-9);
    }
  });
});
