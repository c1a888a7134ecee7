import { describe, expect, it } from 'vitest';
import { frameAt, frameMiddle_s, frameStart_s, stepped_s } from './frames';

const RATES = [
  { fps_num: 24_000, fps_den: 1_001 },
  { fps_num: 25, fps_den: 1 },
  { fps_num: 30_000, fps_den: 1_001 },
  { fps_num: 60_000, fps_den: 1_001 },
];

describe('frames', () => {
  it.each(RATES)('a frame’s start and middle belong to it at %o', (fps) => {
    for (let frame = 0; frame < 250_000; frame += 97) {
      expect(frameAt(frameStart_s(frame, fps), fps)).toBe(frame);
      expect(frameAt(frameMiddle_s(frame, fps), fps)).toBe(frame);
    }
  });

  it.each(RATES)('ten thousand single steps arrive where one step of ten thousand does at %o', (fps) => {
    let at_s = 0;
    for (let i = 0; i < 10_000; i++) at_s = stepped_s(at_s, 1, 3_600, fps);
    expect(at_s).toBe(stepped_s(0, 10_000, 3_600, fps));
  });

  it('a step from within a frame goes to the start of the next', () => {
    const fps = { fps_num: 25, fps_den: 1 };
    expect(stepped_s(1.03, 1, 10, fps)).toBeCloseTo(1.04, 12);
    expect(stepped_s(1.03, -1, 10, fps)).toBeCloseTo(0.96, 12);
  });

  it('steps stay inside the clip', () => {
    const fps = { fps_num: 25, fps_den: 1 };
    expect(stepped_s(0, -3, 10, fps)).toBe(0);
    expect(stepped_s(9.99, 5, 10, fps)).toBeCloseTo(9.96, 12);
  });
});
