import type { Range } from '../../audition/range';
import type { Curve } from '../../platform/types';
import { at_s, x_px, type Axis } from '../axis';
import type { Brush } from '../brush';
import { valueAt } from '../peaks';

const STEP_PX = 2;

/** Motion as a filled curve, from the start of the range. */
export function drawMotion({ ctx, height_px, theme }: Brush, axis: Axis, motion: Curve, range_s: Range): void {
  if (motion.values.length === 0) return;
  const base_px = height_px - 1;
  const end_s = Math.min(range_s[1], range_s[0] + motion.values.length / motion.rate_hz);
  const from_px = Math.max(axis.left_px, x_px(axis, range_s[0]));
  const to_px = Math.min(axis.left_px + axis.width_px, x_px(axis, end_s));
  if (to_px <= from_px) return;
  ctx.beginPath();
  ctx.moveTo(from_px, base_px);
  for (let x = from_px; x < to_px + STEP_PX; x += STEP_PX) {
    const here_px = Math.min(x, to_px);
    const value = Math.min(1, Math.max(0, valueAt(motion, at_s(axis, here_px) - range_s[0])));
    ctx.lineTo(here_px, base_px - value * (height_px - 6));
  }
  ctx.strokeStyle = theme.seen;
  ctx.lineWidth = 1.25;
  ctx.lineJoin = 'round';
  ctx.stroke();
  ctx.lineTo(to_px, base_px);
  ctx.closePath();
  ctx.fillStyle = theme.seen;
  ctx.globalAlpha = 0.2;
  ctx.fill();
  ctx.globalAlpha = 0.5;
  ctx.fillRect(from_px, base_px, to_px - from_px, 1);
  ctx.globalAlpha = 1;
}
