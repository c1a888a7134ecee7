// The list of running jobs, kept from the progress that the engine reports.
import type { JobKind, JobProgress } from '../platform/types';
import { left_s, perMinute, withMark, type Pace } from './pace';

/** `left_s` is smoothed; `per_min`: items done a minute, null until that can be told. */
export type RunningJob = JobProgress & { per_min: number | null; pace: Pace };

export function withProgress(jobs: RunningJob[], progress: JobProgress, now_ms: number): RunningJob[] {
  const before = jobs.find((job) => job.job === progress.job);
  const pace = withMark(before?.pace ?? null, progress, now_ms);
  const after = { ...progress, pace, left_s: left_s(pace), per_min: perMinute(pace) };
  return before ? jobs.map((job) => (job === before ? after : job)) : [...jobs, after];
}

export const withoutJob = (jobs: RunningJob[], id: number): RunningJob[] => jobs.filter((job) => job.job !== id);

/** The newest running job of a kind. */
export const jobOfKind = (jobs: RunningJob[], kind: JobKind): RunningJob | null => jobs.findLast((job) => job.kind === kind) ?? null;

/** Between 0 and 1; `null` while the total is not known. */
export const fractionDone = (job: JobProgress): number | null => (job.total > 0 ? Math.min(1, job.done / job.total) : null);
