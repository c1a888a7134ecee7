// Frames of a pretended clip, counted as the engine counts them.
import type { Clip, RateDoc } from '../types';

export const rateOf = ({ fps_num, fps_den }: Clip): RateDoc => ({ num: fps_num, den: fps_den });

/** The frame whose start is nearest to `at_s`. */
export const frameAt = (at_s: number, { num, den }: RateDoc): number => Math.floor((at_s * num) / den + 0.5);

/** The first frame of a range and the one after its last. */
export function rangeFrames([in_s, out_s]: [number, number], rate: RateDoc): [number, number] {
  return [frameAt(in_s, rate), frameAt(out_s, rate)];
}
