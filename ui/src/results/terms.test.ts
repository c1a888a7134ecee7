import { expect, test } from 'vitest';
import { parts } from './terms';

const WEIGHTS = { visual: 0.6, tempo: 0.25, tags: 0.1, key: 0.05 };

test('the parts of the score bar sum up to the score', () => {
  const shown = parts(WEIGHTS, { visual: 0.9, tempo: 0.8, tags: 0.7, key: 1 }, 0.86);
  expect(shown.reduce((sum, part) => sum + part, 0)).toBeCloseTo(0.86);
  expect(shown[0]! / shown[1]!, 'as the weighted terms are to each other').toBeCloseTo((0.6 * 0.9) / (0.25 * 0.8));
});

test('weights of 0 give an empty bar', () => {
  expect(parts({ visual: 0, tempo: 0, tags: 0, key: 0 }, WEIGHTS, 0.5)).toEqual([0, 0, 0, 0]);
});
