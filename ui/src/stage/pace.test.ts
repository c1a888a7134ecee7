import { expect, test } from 'vitest';
import { Pace } from './pace';

/** Number of refreshes in ten seconds that show a change, if each of these takes `dear_ms`. */
function shown(dear_ms: number, plain_ms = 1000 / 60): number {
  const pace = new Pace();
  let count = 0;
  for (let now_ms = 0; now_ms < 10_000; ) {
    const may = pace.may(now_ms);
    if (may) count += 1;
    now_ms += may ? dear_ms : plain_ms;
  }
  return count;
}

test('if a change costs no more than a refresh, each refresh shows it', () => {
  expect(shown(1000 / 60)).toBeGreaterThanOrEqual(600);
  expect(shown(1000 / 50, 1000 / 50)).toBeGreaterThanOrEqual(500);
});

test('if it costs more, changes take a quarter of the time', () => {
  expect(shown(50) * 50).toBeGreaterThan(2000);
  expect(shown(50) * 50).toBeLessThan(2600);
});

test('one slow refresh has no lasting effect', () => {
  const pace = new Pace();
  pace.may(0);
  pace.may(150);
  let now_ms = 150;
  let count = 0;
  for (let refresh = 0; refresh < 300; refresh += 1) if (pace.may((now_ms += 1000 / 60))) count += 1;
  expect(count).toBeGreaterThan(150);
});
