import { x_px, type Axis } from '../axis';
import type { Brush } from '../brush';

/** One line through all lanes, with a head in the ruler. */
export function drawPlayhead({ ctx, width_px, height_px, theme }: Brush, axis: Axis, position_s: number): void {
  const x = x_px(axis, position_s);
  if (x < -8 || x > width_px + 8) return;
  ctx.fillStyle = theme.now;
  ctx.fillRect(x - 0.75, 6, 1.5, height_px - 6);
  ctx.beginPath();
  ctx.roundRect(x - 5.5, 0, 11, 5, [2.5, 2.5, 0, 0]);
  ctx.moveTo(x - 5.5, 4.5);
  ctx.lineTo(x + 5.5, 4.5);
  ctx.lineTo(x, 10);
  ctx.closePath();
  ctx.fill();
}
