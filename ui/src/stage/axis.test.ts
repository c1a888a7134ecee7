import { describe, expect, it } from 'vitest';
import { at_s, CLOSEST_S, fitted, panned, span_s, turned, x_px, zoomed, type Axis } from './axis';

const bounds = { from_s: 0, to_s: 96 };
const axis: Axis = { from_s: 12, to_s: 72, left_px: 12, width_px: 840 };

describe('the time axis', () => {
  it('tells place and time as each other’s inverse', () => {
    for (let x = -20; x < 900; x += 13.7) expect(x_px(axis, at_s(axis, x))).toBeCloseTo(x, 9);
  });

  it('zooms around what is under the pointer', () => {
    let closer = axis;
    for (let i = 0; i < 20; i++) {
      closer = zoomed(closer, 300, 0.9, bounds);
      expect(at_s(closer, 300)).toBeCloseTo(at_s(axis, 300), 9);
    }
    expect(span_s(closer)).toBeCloseTo(60 * 0.9 ** 20, 6);
  });

  it('shows neither less than can be aimed at nor more than there is', () => {
    let near = axis;
    let far = axis;
    for (let i = 0; i < 200; i++) {
      near = zoomed(near, 500, 0.8, bounds);
      far = zoomed(far, 500, 1.3, bounds);
    }
    expect(span_s(near)).toBeCloseTo(CLOSEST_S, 9);
    expect([far.from_s, far.to_s]).toEqual([0, 96]);
  });

  it('stays inside the clip when panned, its span kept', () => {
    expect(panned(axis, -100, bounds)).toMatchObject({ from_s: 0, to_s: 60 });
    expect(panned(axis, 100, bounds)).toMatchObject({ from_s: 36, to_s: 96 });
  });

  it('turns the page only when the playhead runs off', () => {
    const close = fitted(axis, [20, 30], bounds);
    expect(turned(close, 29.9, bounds)).toBe(close);
    const next = turned(close, 30.01, bounds);
    expect(next.from_s).toBeCloseTo(29.21, 6);
    expect(turned(close, 5, bounds).from_s).toBeLessThan(5);
  });
});
