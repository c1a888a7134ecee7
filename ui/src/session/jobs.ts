// The list of the work under way, as the engine tells it.
import type { JobKind, JobProgress } from '../platform/types';

export function progressed(jobs: JobProgress[], progress: JobProgress): JobProgress[] {
  return jobs.some((job) => job.job === progress.job)
    ? jobs.map((job) => (job.job === progress.job ? progress : job))
    : [...jobs, progress];
}

export const ended = (jobs: JobProgress[], id: number): JobProgress[] => jobs.filter((job) => job.job !== id);

export const ofKind = (jobs: JobProgress[], kind: JobKind): JobProgress | null => jobs.findLast((job) => job.kind === kind) ?? null;

/** Between 0 and 1; `null` where nobody knows the whole yet. */
export const share = (job: JobProgress): number | null => (job.total > 0 ? Math.min(1, job.done / job.total) : null);
