// The list of running jobs, kept from the progress that the engine reports.
import type { JobKind, JobProgress } from '../platform/types';

export function withProgress(jobs: JobProgress[], progress: JobProgress): JobProgress[] {
  return jobs.some((job) => job.job === progress.job)
    ? jobs.map((job) => (job.job === progress.job ? progress : job))
    : [...jobs, progress];
}

export const withoutJob = (jobs: JobProgress[], id: number): JobProgress[] => jobs.filter((job) => job.job !== id);

/** The newest running job of a kind. */
export const jobOfKind = (jobs: JobProgress[], kind: JobKind): JobProgress | null => jobs.findLast((job) => job.kind === kind) ?? null;

/** Between 0 and 1; `null` while the total is not known. */
export const fractionDone = (job: JobProgress): number | null => (job.total > 0 ? Math.min(1, job.done / job.total) : null);
