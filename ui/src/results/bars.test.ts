import { expect, test } from 'vitest';
import { bars, outline } from './bars';

test('a bar is as high as the highest peak of its part', () => {
  expect(bars([0, 255, 51, 0], 2)).toEqual([1, 0.2]);
});

test('few peaks fill many bars; no peaks give silence', () => {
  expect(bars([255, 0], 4)).toEqual([1, 1, 0, 0]);
  expect(bars([], 3)).toEqual([0, 0, 0]);
});

test('a drawing has a bar for each part, at least 1 px high', () => {
  expect(outline([1, 0], 0, 2, 20)).toBe('M0 0.0h1v20.0h-1zM2 9.5h1v1.0h-1z');
  expect(outline([1, 0], 2, 9, 20)).toBe('');
});
