import { expect, test } from 'vitest';
import type { RunningJob } from '../session/jobs';
import { fetchProgress, indexProgress } from './progress';

const JOB = { done: 412, total: 3980, per_min: 3.1, left_s: 1210 } as RunningJob;

test('indexing tells files, speed and time left', () => {
  expect(indexProgress(JOB)).toBe('412 of 3,980 files · 3 files a minute · about 20 min left');
});

test('indexing leaves out what is not known yet', () => {
  expect(indexProgress({ ...JOB, per_min: null, left_s: null })).toBe('412 of 3,980 files');
  expect(indexProgress({ ...JOB, done: 0, total: 0, per_min: null, left_s: null })).toBe('Reading the folders');
});

test('fetching tells the size, and the whole where it is known', () => {
  expect(fetchProgress({ done: 1_200_000_000, total: 1_710_000_000 })).toBe('1.2 GB of 1.7 GB');
  expect(fetchProgress({ done: 410_000_000, total: 0 })).toBe('410 MB');
});
