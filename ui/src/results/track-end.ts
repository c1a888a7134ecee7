// Whether a track is long enough for the range.
import { length } from '../format/length';
import type { Row } from '../platform/types';

/** Less than this is not heard as an early end. */
const LEAST_S = 0.5;

/** Seconds of the range after the end of the track; 0 where the track fills the range. */
export function endsEarly_s({ duration_s }: Pick<Row, 'duration_s'>, start_s: number, range_s: readonly [number, number]): number {
  const missing_s = range_s[1] - range_s[0] - (duration_s - start_s);
  return missing_s >= LEAST_S ? missing_s : 0;
}

/** 44 s, 1:35. */
export function earlyWords(early_s: number): string {
  return early_s < 59.5 ? `${Math.round(early_s)} s` : length(early_s);
}
