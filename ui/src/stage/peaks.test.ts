import { expect, it } from 'vitest';
import { greatest, valueAt } from './peaks';

const curve = { rate_hz: 10, values: [0, 10, 200, 10, 30] };

it('no peak is lost however many values a bar covers', () => {
  expect(greatest(curve, 0, 0.5)).toBe(200);
  expect(greatest(curve, 0.21, 0.22)).toBe(200);
});

it('outside the curve there is nothing', () => {
  expect(greatest(curve, -3, -1)).toBe(0);
  expect(greatest(curve, 0.5, 2)).toBe(0);
  expect(greatest({ rate_hz: 10, values: [] }, 0, 1)).toBe(0);
});

it('reads between two values, and holds the ends', () => {
  expect(valueAt(curve, 0.15)).toBeCloseTo(105, 9);
  expect(valueAt(curve, -4)).toBe(0);
  expect(valueAt(curve, 99)).toBe(30);
});
