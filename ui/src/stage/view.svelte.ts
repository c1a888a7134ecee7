// The part of the clip that the timeline shows.
import type { Range } from '../audition/range';
import { fitted, panned, turned, zoomed, type Axis, type Bounds } from './axis';

/** Inset of the lanes in the panel, px: room for handles and for the playhead at both ends. */
export const INSET_PX = 12;
const WHEEL_ZOOM = 0.0022;
const PINCH_ZOOM = 0.012;

export class View {
  axis = $state.raw<Axis>({ from_s: 0, to_s: 1, left_px: INSET_PX, width_px: 1 });
  bounds = $state.raw<Bounds>({ from_s: 0, to_s: 1 });

  resized(width_px: number): void {
    const lanes_px = Math.max(1, width_px - 2 * INSET_PX);
    if (lanes_px !== this.axis.width_px) this.axis = { ...this.axis, width_px: lanes_px };
  }

  /** Sets the bounds to another clip, and shows its range. */
  opened(duration_s: number, range_s: Range): void {
    this.bounds = { from_s: 0, to_s: Math.max(0.1, duration_s) };
    this.axis = fitted(this.axis, range_s, this.bounds);
  }

  /** Shows the range, or the whole clip if the range is shown already. */
  fit(range_s: Range): void {
    const range = fitted(this.axis, range_s, this.bounds);
    const is_range = Math.abs(range.from_s - this.axis.from_s) < 0.01 && Math.abs(range.to_s - this.axis.to_s) < 0.01;
    this.axis = is_range ? fitted(this.axis, [this.bounds.from_s, this.bounds.to_s], this.bounds) : range;
  }

  /** The wheel zooms around the pointer. With Shift or sideways it pans. */
  wheel(event: WheelEvent, x: number): void {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) {
      const by_px = Math.abs(dx) > Math.abs(dy) ? dx : dy;
      this.axis = panned(this.axis, (by_px / this.axis.width_px) * (this.axis.to_s - this.axis.from_s), this.bounds);
    } else {
      this.axis = zoomed(this.axis, x, Math.exp(dy * (event.ctrlKey ? PINCH_ZOOM : WHEEL_ZOOM)), this.bounds);
    }
  }

  keepInView(playhead_s: number): void {
    this.axis = turned(this.axis, playhead_s, this.bounds);
  }
}
