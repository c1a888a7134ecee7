// Prepares a canvas for drawing in CSS pixels at the screen's pixel density.
import type { Theme } from './theme.svelte';

export type Brush = { ctx: CanvasRenderingContext2D; width_px: number; height_px: number; theme: Theme };

export function brush(canvas: HTMLCanvasElement, width_px: number, height_px: number, density: number, theme: Theme): Brush | null {
  const width = Math.max(1, Math.round(width_px * density));
  const height = Math.max(1, Math.round(height_px * density));
  // Setting a size clears and reallocates the canvas even if the size is the same.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const ctx = canvas.getContext('2d');
  if (ctx === null) return null;
  ctx.setTransform(density, 0, 0, density, 0, 0);
  ctx.clearRect(0, 0, width_px, height_px);
  ctx.globalAlpha = 1;
  return { ctx, width_px, height_px, theme };
}

/** A sharp vertical line, 1 px wide. */
export function upright(ctx: CanvasRenderingContext2D, x: number, top_px: number, height_px: number, width_px = 1): void {
  ctx.fillRect(Math.round(x - width_px / 2), top_px, width_px, height_px);
}
