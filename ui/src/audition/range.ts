// The in/out range and its changes. A range is at most 120 s long.

export const RANGE_MOST_S = 120;
export const RANGE_LEAST_S = 1;

export type Range = [number, number];

export const isSame = (one: Range, other: Range): boolean => one[0] === other[0] && one[1] === other[1];

export const length_s = ([in_s, out_s]: Range): number => out_s - in_s;

/** The range with another in-point. An in-point past the out-point moves the whole range; one too early pulls the out-point. */
export function withIn(range: Range, in_s: number, duration_s: number): Range {
  const from_s = clamp(in_s, 0, Math.max(0, duration_s - RANGE_LEAST_S));
  const kept_s = from_s > range[1] - RANGE_LEAST_S ? from_s + length_s(range) : range[1];
  return [from_s, Math.min(kept_s, from_s + RANGE_MOST_S, duration_s)];
}

/** The range with another out-point; mirrors [`withIn`]. */
export function withOut(range: Range, out_s: number, duration_s: number): Range {
  const to_s = clamp(out_s, Math.min(RANGE_LEAST_S, duration_s), duration_s);
  const kept_s = to_s < range[0] + RANGE_LEAST_S ? to_s - length_s(range) : range[0];
  return [Math.max(kept_s, to_s - RANGE_MOST_S, 0), to_s];
}

/** The whole range moved, its length kept. */
export function movedTo(range: Range, in_s: number, duration_s: number): Range {
  const length = Math.min(length_s(range), duration_s);
  const from_s = clamp(in_s, 0, duration_s - length);
  return [from_s, from_s + length];
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
