// Drags in the timeline: from pointer positions to the resulting position, start or range. Pure.
import { beatNumber, nudged_s, type Grid } from '../audition/beats';
import { frameAt, frameStart_s, type Fps } from '../audition/frames';
import { withIn, withOut, type Range } from '../audition/range';
import { at_s, px_per_s, x_px, type Axis } from './axis';
import type { LaneName } from './lanes';

export type Grip = 'in' | 'out' | 'music' | 'playhead';

const HANDLE_PX = 8;
const SNAP_PX = 8;
/** Smaller moves are clicks, px. */
export const DRAG_PX = 3;

/** The element that a press at this place would drag. */
export function gripAt(lane: LaneName | null, x: number, axis: Axis, range_s: Range, has_track: boolean): Grip {
  if (lane === 'film') {
    const from_in = Math.abs(x - x_px(axis, range_s[0]));
    const from_out = Math.abs(x - x_px(axis, range_s[1]));
    if (Math.min(from_in, from_out) <= HANDLE_PX) return from_in <= from_out ? 'in' : 'out';
  }
  return lane === 'music' && has_track ? 'music' : 'playhead';
}

/** The start after the music was dragged by `by_px`; to the right means later. By whole beats, so that landings stay. */
export function slipped_s(grid: Grid, start_s: number, by_px: number, axis: Axis, free: boolean): number {
  const moved_s = start_s - by_px / px_per_s(axis);
  if (free) return moved_s;
  return nudged_s(grid, start_s, Math.round(beatNumber(grid, moved_s) - beatNumber(grid, start_s)));
}

/** The range after its end `grip` was dragged to `x`: snapped to a near cut, otherwise to a frame. */
export function stretched(grip: 'in' | 'out', x: number, axis: Axis, range_s: Range, duration_s: number, cuts_s: readonly number[], fps: Fps, free: boolean): Range {
  const there_s = at_s(axis, x);
  const cut_s = free ? null : nearCut(cuts_s, there_s, SNAP_PX / px_per_s(axis));
  const to_s = cut_s ?? frameStart_s(Math.max(0, frameAt(there_s + (0.5 * fps.fps_den) / fps.fps_num, fps)), fps);
  return grip === 'in' ? withIn(range_s, to_s, duration_s) : withOut(range_s, to_s, duration_s);
}

function nearCut(cuts_s: readonly number[], there_s: number, within_s: number): number | null {
  let best: number | null = null;
  for (const cut_s of cuts_s) {
    const away_s = Math.abs(cut_s - there_s);
    if (away_s <= within_s && (best === null || away_s < Math.abs(best - there_s))) best = cut_s;
  }
  return best;
}
