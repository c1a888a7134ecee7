import type { Range } from '../../audition/range';
import type { Curve } from '../../platform/types';
import { x_px, type Axis } from '../axis';
import type { Brush } from '../brush';
import { drawWave } from './wave';

/** The clip's own sound with its passages of speech. */
export function drawSound(brush: Brush, axis: Axis, sound: Curve | null, speech_s: readonly Range[], range_s: Range): void {
  const { ctx, height_px, theme } = brush;
  for (const [from_s, to_s] of speech_s) {
    const x = Math.max(axis.left_px, x_px(axis, from_s));
    const width_px = Math.min(axis.left_px + axis.width_px, Math.max(x_px(axis, to_s), x + 2)) - x;
    if (width_px <= 0) continue;
    ctx.fillStyle = theme.picture;
    ctx.globalAlpha = 0.16;
    ctx.fillRect(x, 0, width_px, height_px);
    ctx.globalAlpha = 0.4;
    ctx.fillRect(x, height_px - 1, width_px, 1);
    ctx.globalAlpha = 1;
  }
  if (sound === null) return;
  const middle_px = height_px / 2;
  const wave = { curve: sound, begins_s: range_s[0], colour: theme.second, middle_px, half_px: middle_px - 2, alpha: 0.8 };
  drawWave(brush, axis, wave, range_s);
}
