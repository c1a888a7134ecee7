import type { Brush } from '../brush';

/** Width of the head on each side of the line, px. */
export const HALF_PX = 8;

/** A line through all lanes with a head in the ruler. It is drawn once; playing moves the canvas. */
export function drawPlayhead({ ctx, height_px, theme }: Brush): void {
  const x = HALF_PX;
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
