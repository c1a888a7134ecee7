import type { ClipReport } from '../../platform/types';
import { x_px, type Axis } from '../axis';
import type { Brush } from '../brush';

/** A triangle for each cut; an outline for fades and dissolves, which last longer than one frame. */
export function drawCuts({ ctx, width_px, height_px, theme }: Brush, axis: Axis, cuts: ClipReport['cuts']): void {
  const half_px = 4;
  const top_px = height_px / 2 - 3.5;
  ctx.fillStyle = theme.seen;
  ctx.strokeStyle = theme.seen;
  ctx.lineWidth = 1.25;
  for (const { time_s, kind } of cuts) {
    const x = x_px(axis, time_s);
    if (x < -half_px || x > width_px + half_px) continue;
    ctx.beginPath();
    ctx.moveTo(x, top_px);
    ctx.lineTo(x + half_px, top_px + 7);
    ctx.lineTo(x - half_px, top_px + 7);
    ctx.closePath();
    if (kind === 'cut') ctx.fill();
    else ctx.stroke();
  }
}
