import { expect, test } from 'vitest';
import type { JobProgress } from '../platform/types';
import { left_s, perMinute, withMark, type Pace } from './pace';

const at = (done: number, left: number | null, total = 412): JobProgress => ({ job: 1, kind: 'index', phase: `track ${done}.flac`, done, total, left_s: left, files_per_minute: null });

/** The times left that are shown for reports of `[second, files done, seconds left]`. */
function shown(reports: [number, number, number][]): number[] {
  let pace: Pace | null = null;
  return reports.map(([second, done, left]) => {
    pace = withMark(pace, at(done, left), second * 1000);
    return left_s(pace)!;
  });
}

test('the time left of an even job counts down as reported', () => {
  expect(shown([[0, 0, 600], [60, 40, 540], [120, 80, 480]])).toEqual([600, 540, 480]);
});

test('reports that jump between 6 and 40 minutes make the shown time move by less than a third', () => {
  const reports = Array.from({ length: 30 }, (_, index): [number, number, number] => [index * 20, index, index % 2 ? 360 : 2400]);
  const times = shown(reports).slice(12);
  for (let index = 1; index < times.length; index += 1) {
    const moved = Math.abs(times[index]! - times[index - 1]!) / times[index - 1]!;
    expect(moved, `report ${index}`).toBeLessThan(1 / 3);
  }
});

test('a wrong first report is corrected within its own duration', () => {
  // It will take ten minutes; the first report says forty.
  const times = shown([[0, 0, 2400], ...Array.from({ length: 29 }, (_, index): [number, number, number] => [(index + 1) * 20, index, 600 - (index + 1) * 20])]);
  expect(times.at(-1)).toBeLessThan(60);
});

test('another part of the job, which has another total, starts anew', () => {
  const first = withMark(null, at(10, 2000), 0);
  expect(left_s(withMark(first, at(0, 30, 40_000), 1000))).toBe(30);
});

test('an estimate that is missing once is kept', () => {
  const first = withMark(null, at(10, 100), 0);
  expect(left_s(withMark(first, at(11, null), 10_000))).toBe(90);
  expect(left_s(withMark(null, at(0, null), 0))).toBeNull();
});

test('the speed is an average over two minutes, and unknown at first', () => {
  let pace = withMark(null, at(0, null), 0);
  expect(perMinute(pace)).toBeNull();
  pace = withMark(pace, at(1, null), 2_000);
  expect(perMinute(pace), 'after two seconds').toBeNull();
  for (let second = 20; second <= 600; second += 20) pace = withMark(pace, at(second / 20, null), second * 1000);
  expect(perMinute(pace), 'a file in twenty seconds').toBeCloseTo(3);
  expect(pace.marks.length).toBeLessThan(10);
});
