import type { Fps } from '../../audition/frames';
import type { Range } from '../../audition/range';
import { x_px, type Axis } from '../axis';
import { upright, type Brush } from '../brush';
import { ticks } from '../ticks';

export function drawRuler({ ctx, height_px, theme }: Brush, axis: Axis, fps: Fps, range_s: Range): void {
  const [in_px, out_px] = [x_px(axis, range_s[0]), x_px(axis, range_s[1])];
  ctx.font = `11px ${theme.font}`;
  ctx.textBaseline = 'middle';
  for (const { at_s, label } of ticks(axis, fps)) {
    const x = x_px(axis, at_s);
    ctx.fillStyle = theme.line;
    upright(ctx, x, label === null ? height_px - 5 : height_px - 9, label === null ? 4 : 8);
    if (label === null) continue;
    ctx.fillStyle = theme.second;
    ctx.globalAlpha = x < in_px - 1 || x > out_px + 1 ? 0.6 : 1;
    ctx.fillText(label, x + 4, height_px / 2 - 2);
    ctx.globalAlpha = 1;
  }
  // The range as a line below the ticks.
  ctx.fillStyle = theme.now;
  ctx.globalAlpha = 0.55;
  const from_px = Math.max(axis.left_px, in_px);
  ctx.fillRect(from_px, height_px - 1, Math.max(0, Math.min(axis.left_px + axis.width_px, out_px) - from_px), 1);
  ctx.globalAlpha = 1;
}
