import type { Range } from '../../audition/range';
import { x_px, type Axis } from '../axis';
import type { Brush } from '../brush';
import type { Cell } from '../film';

const HANDLE_PX = 6;

/** `pictureOf` returns loaded pictures only. */
export function drawFilm(brush: Brush, axis: Axis, all: readonly Cell[], range_s: Range, pictureOf: (url: string) => CanvasImageSource | null): void {
  const { ctx, width_px, height_px, theme } = brush;
  ctx.save();
  ctx.beginPath();
  ctx.roundRect(axis.left_px, 0, axis.width_px, height_px, 4);
  ctx.clip();
  ctx.fillStyle = theme.raised;
  ctx.fillRect(0, 0, width_px, height_px);
  for (const cell of all) {
    const picture = cell.url === null ? null : pictureOf(cell.url);
    if (picture !== null) cover(ctx, picture, cell.x_px, cell.width_px, height_px);
    ctx.fillStyle = theme.background;
    ctx.fillRect(Math.round(cell.x_px), 0, 1, height_px);
  }
  const [in_px, out_px] = [x_px(axis, range_s[0]), x_px(axis, range_s[1])];
  ctx.fillStyle = theme.background;
  ctx.globalAlpha = 0.72;
  if (in_px > 0) ctx.fillRect(0, 0, in_px, height_px);
  if (out_px < width_px) ctx.fillRect(out_px, 0, width_px - out_px, height_px);
  ctx.restore();
  ctx.save();
  ctx.beginPath();
  ctx.rect(axis.left_px - 1, 0, axis.width_px + 2, height_px);
  ctx.clip();
  frame(brush, in_px, out_px);
  ctx.restore();
}

/** Outline of the range with a grip at both ends. */
function frame({ ctx, height_px, theme }: Brush, in_px: number, out_px: number): void {
  ctx.strokeStyle = theme.now;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.roundRect(in_px, 0.75, Math.max(2, out_px - in_px), height_px - 1.5, 4);
  ctx.globalAlpha = 0.8;
  ctx.stroke();
  ctx.globalAlpha = 1;
  for (const [x, corners] of [[in_px, [4, 0, 0, 4]], [out_px - HANDLE_PX, [0, 4, 4, 0]]] as const) {
    ctx.fillStyle = theme.now;
    ctx.beginPath();
    ctx.roundRect(x, 0, HANDLE_PX, height_px, [...corners]);
    ctx.fill();
    ctx.fillStyle = theme['on-now'];
    ctx.fillRect(x + HANDLE_PX / 2 - 0.5, height_px / 2 - 6, 1, 12);
  }
}

/** Fills the cell with the picture, cropped to its middle. */
function cover(ctx: CanvasRenderingContext2D, picture: CanvasImageSource, x: number, width_px: number, height_px: number): void {
  const { width: from_w, height: from_h } = sizeOf(picture);
  if (from_w === 0 || from_h === 0) return;
  const scale = Math.max(width_px / from_w, height_px / from_h);
  const [w, h] = [width_px / scale, height_px / scale];
  ctx.drawImage(picture, (from_w - w) / 2, (from_h - h) / 2, w, h, x, 0, width_px, height_px);
}

function sizeOf(picture: CanvasImageSource): { width: number; height: number } {
  if (picture instanceof HTMLImageElement) return { width: picture.naturalWidth, height: picture.naturalHeight };
  return picture instanceof ImageBitmap ? picture : { width: 0, height: 0 };
}
