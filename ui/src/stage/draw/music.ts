import { beatBefore } from '../../audition/beats';
import type { Range } from '../../audition/range';
import type { TrackTimeline } from '../../platform/types';
import { px_per_s, x_px, type Axis } from '../axis';
import { upright, type Brush } from '../brush';
import type { Dot } from '../landings';
import { drawWave } from './wave';

const DOT_PX = 3.5;
/** Height of the row of landing dots above the waveform, px. */
export const DOTS_PX = 12;
const BEATS_PX = 9;
/** Lines closer than this are not drawn, px. */
const CLOSEST_PX = 4;

export type Music = {
  sheet: TrackTimeline;
  /** Position of the track at the in-point, seconds. */
  start_s: number;
  range_s: Range;
  dots: readonly Dot[];
  /** Start before the drag, shown as a faint copy. */
  held_at_s: number | null;
};

export function drawMusic(brush: Brush, axis: Axis, music: Music): void {
  const { theme, height_px } = brush;
  const { sheet, range_s, start_s } = music;
  const middle_px = DOTS_PX + (height_px - DOTS_PX - BEATS_PX) / 2;
  const half_px = (height_px - DOTS_PX - BEATS_PX) / 2 - 1;
  const wave = { curve: sheet.peaks, middle_px, half_px };
  if (music.held_at_s !== null) {
    drawWave(brush, axis, { ...wave, begins_s: range_s[0] - music.held_at_s, colour: theme.second, alpha: 0.4 }, range_s);
  }
  drawWave(brush, axis, { ...wave, begins_s: range_s[0] - start_s, colour: theme.picture, alpha: 0.72 }, range_s);
  drawBeats(brush, axis, music);
  drawDots(brush, axis, music.dots);
}

/** Beats as short lines at the bottom, downbeats over the whole height. */
function drawBeats({ ctx, height_px, theme }: Brush, axis: Axis, { sheet, start_s, range_s }: Music): void {
  const { beats_s, downbeats } = sheet;
  if (beats_s.length < 2) return;
  const from_s = Math.max(range_s[0], axis.from_s);
  const to_s = Math.min(range_s[1], axis.to_s);
  const track_s = (clip_s: number) => start_s + clip_s - range_s[0];
  const clip_s = (at_track_s: number) => at_track_s - start_s + range_s[0];
  const apart_px = px_per_s(axis) * (((beats_s.at(-1) ?? 0) - (beats_s[0] ?? 0)) / (beats_s.length - 1));
  const first = Math.max(0, beatBefore(beats_s, track_s(from_s) - 1e-6) + 1);
  const last = beatBefore(beats_s, track_s(to_s));
  const bars = new Set(downbeats);
  ctx.fillStyle = theme.tempo;
  for (let beat = first; beat <= last; beat++) {
    const x = x_px(axis, clip_s(beats_s[beat] ?? 0));
    if (bars.has(beat) && apart_px * sheet.per_bar >= CLOSEST_PX) {
      ctx.globalAlpha = 0.6;
      upright(ctx, x, 2, height_px - 2);
    } else if (apart_px >= CLOSEST_PX) {
      ctx.globalAlpha = 0.45;
      upright(ctx, x, height_px - BEATS_PX + 1, BEATS_PX - 1);
    }
  }
  ctx.globalAlpha = 1;
}

function drawDots({ ctx, theme, width_px }: Brush, axis: Axis, dots: readonly Dot[]): void {
  ctx.lineWidth = 1.25;
  for (const { time_s, landed, on_bar } of dots) {
    const x = x_px(axis, time_s);
    if (x < 0 || x > width_px) continue;
    ctx.beginPath();
    ctx.arc(x, DOTS_PX / 2, landed ? (on_bar ? DOT_PX + 0.5 : DOT_PX) : DOT_PX - 0.75, 0, 2 * Math.PI);
    if (landed) {
      ctx.fillStyle = theme.tags;
      ctx.fill();
    } else {
      ctx.strokeStyle = theme.tags;
      ctx.globalAlpha = 0.7;
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
  }
}
