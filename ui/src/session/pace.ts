// How fast a job runs and when it will end, from progress that arrives unevenly: a long file makes the engine's estimate
// of the time left jump, so the window smooths it.
import type { JobProgress } from '../platform/types';

/** The speed is an average over this time. */
const WINDOW_MS = 120_000;
/** No speed is shown before this. */
const LEAST_MS = 5_000;
const LEAST_SMOOTHING_MS = 5_000;

type Mark = { at_ms: number; done: number };

export type Pace = {
  total: number;
  began_ms: number;
  at_ms: number;
  marks: Mark[];
  /** When the job is expected to end; null while the engine has no estimate. */
  end_ms: number | null;
};

/**
 * The pace after `progress`, which arrived at `now_ms`. Another total starts a new pace: it is another part of the job. The
 * phase is not compared, because while music is indexed it is the name of the file.
 */
export function withMark(before: Pace | null, { total, done, left_s }: JobProgress, now_ms: number): Pace {
  const mark = { at_ms: now_ms, done };
  const reported_ms = left_s === null ? null : now_ms + left_s * 1000;
  if (!before || before.total !== total) {
    return { total, began_ms: now_ms, at_ms: now_ms, marks: [mark], end_ms: reported_ms };
  }
  const recent = before.marks.filter(({ at_ms }, index) => now_ms - at_ms <= WINDOW_MS || index === before.marks.length - 1);
  return { ...before, at_ms: now_ms, marks: [...recent, mark], end_ms: smoothed(before, reported_ms, now_ms) };
}

/**
 * The expected end moves towards the reported one by an exponential average. Its time constant is a quarter of the time
 * left, and no longer than the job has run: early estimates are corrected fast, later ones barely move.
 */
function smoothed(before: Pace, reported_ms: number | null, now_ms: number): number | null {
  if (before.end_ms === null || reported_ms === null) return reported_ms ?? before.end_ms;
  const constant_ms = Math.max(LEAST_SMOOTHING_MS, Math.min((before.end_ms - now_ms) / 4, now_ms - before.began_ms));
  const weight = 1 - Math.exp(-(now_ms - before.at_ms) / constant_ms);
  return before.end_ms + weight * (reported_ms - before.end_ms);
}

export function left_s({ end_ms, at_ms }: Pace): number | null {
  return end_ms === null ? null : Math.max(0, (end_ms - at_ms) / 1000);
}

/** Items done a minute; null until that can be told. */
export function perMinute({ marks }: Pace): number | null {
  const first = marks[0];
  const last = marks.at(-1);
  if (!first || !last || last.at_ms - first.at_ms < LEAST_MS || last.done <= first.done) return null;
  return ((last.done - first.done) / (last.at_ms - first.at_ms)) * 60_000;
}
