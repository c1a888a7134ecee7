import { expect, test } from 'vitest';
import { bars } from './bars';

test('a bar is as high as the highest peak of its stretch', () => {
  expect(bars([0, 255, 51, 0], 2)).toEqual([1, 0.2]);
});

test('few peaks are stretched over many bars, none are silence', () => {
  expect(bars([255, 0], 4)).toEqual([1, 1, 0, 0]);
  expect(bars([], 3)).toEqual([0, 0, 0]);
});
