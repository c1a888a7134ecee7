import { expect, test } from 'vitest';
import { earlyWords, endsEarly_s } from './track-end';

test('a track that ends before the out-point is measured from its start', () => {
  expect(endsEarly_s({ duration_s: 20 }, 4, [10, 70])).toBe(44);
  expect(endsEarly_s({ duration_s: 180 }, 4, [10, 70])).toBe(0);
  expect(endsEarly_s({ duration_s: 64 }, 4, [10, 70]), 'ends on the out-point').toBe(0);
  expect(endsEarly_s({ duration_s: 63.7 }, 4, [10, 70]), 'a moment early').toBe(0);
});

test('the time is short to read', () => {
  expect([earlyWords(44.4), earlyWords(95)]).toEqual(['44 s', '1:35']);
});
