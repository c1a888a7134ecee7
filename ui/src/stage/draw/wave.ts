import type { Range } from '../../audition/range';
import type { Curve } from '../../platform/types';
import { at_s, x_px, type Axis } from '../axis';
import type { Brush } from '../brush';
import { BAR_PX, greatest, PITCH_PX } from '../peaks';

export type Wave = {
  curve: Curve;
  /** Start of the curve in seconds of the clip. */
  begins_s: number;
  colour: string;
  middle_px: number;
  half_px: number;
  alpha: number;
};

/** Bars around a middle line, inside `within`. Panning moves bars and does not change them. */
export function drawWave({ ctx }: Brush, axis: Axis, wave: Wave, within: Range): void {
  const from_px = Math.max(axis.left_px, x_px(axis, within[0]));
  const to_px = Math.min(axis.left_px + axis.width_px, x_px(axis, within[1]));
  const origin_px = x_px(axis, wave.begins_s);
  const first_px = origin_px + Math.ceil((from_px - origin_px) / PITCH_PX) * PITCH_PX;
  ctx.fillStyle = wave.colour;
  ctx.globalAlpha = wave.alpha;
  for (let x = first_px; x < to_px; x += PITCH_PX) {
    const from_s = at_s(axis, x) - wave.begins_s;
    const peak = greatest(wave.curve, from_s, at_s(axis, x + PITCH_PX) - wave.begins_s) / 255;
    const half_px = Math.max(0.5, peak * wave.half_px);
    ctx.fillRect(x, wave.middle_px - half_px, BAR_PX, half_px * 2);
  }
  ctx.globalAlpha = 1;
}
