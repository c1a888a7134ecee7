// The progress of long work in words.
import type { RunningJob } from '../session/jobs';
import { about, bytes, count, fileRate } from './length';

/** 412 of 3,980 files · 3 files a minute · about 20 min left. */
export function indexProgress({ done, total, per_min, left_s }: RunningJob): string {
  const files = total > 0 ? `${count(done)} of ${count(total)} files` : 'Reading the folders';
  return [files, per_min !== null && total > 0 && fileRate(per_min), left_s !== null && `about ${about(left_s)} left`].filter(Boolean).join(' · ');
}

/** 1.2 GB of 1.7 GB; the size alone while the whole is not known. */
export function fetchProgress({ done, total }: Pick<RunningJob, 'done' | 'total'>): string {
  return total > 0 ? `${bytes(done)} of ${bytes(total)}` : bytes(done);
}
