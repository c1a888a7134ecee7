import { expect, test } from 'vitest';
import { shownPulse } from './pulse';

test('a pulse of little confidence is not shown as a tempo', () => {
  expect(shownPulse({ bpm: 110.6, confidence: 0 })).toBeNull();
  expect(shownPulse({ bpm: 110.6, confidence: 0.29 })).toBeNull();
  expect(shownPulse({ bpm: 96.2, confidence: 0.3 })).toBe(96.2);
  expect(shownPulse({ bpm: null, confidence: 0.9 })).toBeNull();
});
