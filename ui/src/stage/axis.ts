// The time axis that all lanes share: the visible seconds of the clip and their x positions.
import { clamp } from '../audition/range';

export type Axis = {
  from_s: number;
  to_s: number;
  /** The x position of `from_s`: lanes are inset in the panel. */
  left_px: number;
  width_px: number;
};

/** Limits of the visible seconds. */
export type Bounds = { from_s: number; to_s: number };

/** Maximum zoom: about the pixels per frame that a hand can aim at. */
export const CLOSEST_S = 0.5;

export const span_s = (axis: Axis): number => axis.to_s - axis.from_s;
export const px_per_s = (axis: Axis): number => axis.width_px / Math.max(1e-9, span_s(axis));
export const x_px = (axis: Axis, at_s: number): number => axis.left_px + (at_s - axis.from_s) * px_per_s(axis);
export const at_s = (axis: Axis, x: number): number => axis.from_s + (x - axis.left_px) / px_per_s(axis);

/** A `factor` below 1 zooms in. The time at `x` stays there within the bounds. */
export function zoomed(axis: Axis, x: number, factor: number, bounds: Bounds): Axis {
  const most_s = bounds.to_s - bounds.from_s;
  const span = clamp(span_s(axis) * factor, Math.min(CLOSEST_S, most_s), most_s);
  const under_s = at_s(axis, x);
  const share = (x - axis.left_px) / Math.max(1, axis.width_px);
  return inside({ ...axis, from_s: under_s - share * span, to_s: under_s + (1 - share) * span }, bounds);
}

export function panned(axis: Axis, by_s: number, bounds: Bounds): Axis {
  return inside({ ...axis, from_s: axis.from_s + by_s, to_s: axis.to_s + by_s }, bounds);
}

/** The visible seconds `[from_s, to_s]`, limited to the bounds. */
export function fitted(axis: Axis, [from_s, to_s]: readonly [number, number], bounds: Bounds): Axis {
  return inside({ ...axis, from_s, to_s: Math.max(to_s, from_s + CLOSEST_S) }, bounds);
}

/** While playing: shows the next page when the playhead leaves this one. */
export function turned(axis: Axis, playhead_s: number, bounds: Bounds): Axis {
  if (playhead_s >= axis.from_s && playhead_s <= axis.to_s) return axis;
  return panned(axis, playhead_s - 0.08 * span_s(axis) - axis.from_s, bounds);
}

function inside(axis: Axis, bounds: Bounds): Axis {
  const span = Math.min(span_s(axis), bounds.to_s - bounds.from_s);
  const from_s = clamp(axis.from_s, bounds.from_s, bounds.to_s - span);
  return { ...axis, from_s, to_s: from_s + span };
}
