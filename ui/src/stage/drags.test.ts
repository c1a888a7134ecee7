import { describe, expect, it } from 'vitest';
import type { Axis } from './axis';
import { gripAt, slipped_s, stretched } from './drags';

const axis: Axis = { from_s: 0, to_s: 84, left_px: 0, width_px: 840 };
const fps = { fps_num: 25, fps_den: 1 };
const grid = { beats_s: [0.2, 0.7, 1.2, 1.7, 2.2, 2.7], bpm: 120 };

describe('a press drags', () => {
  it('of a range handle in the filmstrip only', () => {
    expect(gripAt('film', 104, axis, [10, 70], true)).toBe('in');
    expect(gripAt('film', 695, axis, [10, 70], true)).toBe('out');
    expect(gripAt('film', 120, axis, [10, 70], true)).toBe('playhead');
    expect(gripAt('motion', 104, axis, [10, 70], true)).toBe('playhead');
  });

  it('of the music where there is some', () => {
    expect(gripAt('music', 300, axis, [10, 70], true)).toBe('music');
    expect(gripAt('music', 300, axis, [10, 70], false)).toBe('playhead');
  });
});

describe('dragging the music', () => {
  it('moves by whole beats and keeps where it stood between two', () => {
    expect(slipped_s(grid, 1.3, -6, axis, false)).toBeCloseTo(1.8, 9);
    expect(slipped_s(grid, 1.3, 9, axis, false)).toBeCloseTo(0.3, 9);
    expect(slipped_s(grid, 1.3, 2, axis, false)).toBeCloseTo(1.3, 9);
  });

  it('moves freely with Alt', () => {
    expect(slipped_s(grid, 1.3, -2, axis, true)).toBeCloseTo(1.5, 9);
  });
});

describe('dragging an end of the range', () => {
  it('snaps to a cut near by', () => {
    expect(stretched('in', 205, axis, [10, 70], 84, [20.02, 30], fps, false)).toEqual([20.02, 70]);
  });

  it('lands on a frame with Alt, or where no cut is near', () => {
    const [in_s] = stretched('in', 205.1, axis, [10, 70], 84, [20.02, 30], fps, true);
    expect(in_s).toBeCloseTo(20.52, 9);
    const [, out_s] = stretched('out', 500.6, axis, [10, 70], 84, [20.02, 30], fps, false);
    expect(out_s).toBeCloseTo(50.08, 9);
  });
});
