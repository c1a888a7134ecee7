import { expect, test } from 'vitest';
import { motionCurve, soundCurve } from './curves';

test('motion is scaled to the strongest of the range', () => {
  expect(motionCurve({ motion: { step_s: 0.1, values: [0, 0.5, 2] } })).toEqual({ rate_hz: 10, values: [0, 0.25, 1] });
  expect(motionCurve({ motion: { step_s: 0.1, values: [0, 0] } }).values).toEqual([0, 0]);
});

test('a silent clip has no sound curve', () => {
  expect(soundCurve({})).toBeNull();
  expect(soundCurve({ sound_peaks: { rate_hz: 50, values: [0, 1] } })).toEqual({ rate_hz: 50, values: [0, 255] });
});
