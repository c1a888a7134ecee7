// Moments of the picture that land on beats, for the current start of the music. The match reports them for its own
// start, which the editor may have changed.
import { barAt, nearestBeat_s } from '../audition/beats';
import type { CutDoc, HitDoc, TrackTimeline } from '../platform/types';

export type Dot = { time_s: number; landed: boolean; on_bar: boolean };

/** Slightly more than one frame, because times were rounded. */
const SLACK_S = 1e-3;

/** A cut and a hit closer than this are one moment, seconds. */
const SAME_S = 0.07;
const HARD = 0.5;

/** Moments that can land: cuts and strong hits. */
export function moments({ cuts: all_cuts, hits: all_hits }: { cuts: Pick<CutDoc, 'time_s'>[]; hits: HitDoc[] }): number[] {
  const cuts = all_cuts.map(({ time_s }) => time_s);
  const hits = all_hits.filter(({ time_s, strength }) => strength >= HARD && !cuts.some((cut_s) => Math.abs(cut_s - time_s) < SAME_S));
  return [...cuts, ...hits.map(({ time_s }) => time_s)].sort((a, b) => a - b);
}

/** Moments inside the range, each with whether a beat is within one frame. */
export function dots(moments_s: readonly number[], sheet: TrackTimeline, start_s: number, range_s: readonly [number, number], frame_s: number): Dot[] {
  const [in_s, out_s] = range_s;
  if (sheet.beats_s.length === 0) return [];
  return moments_s
    .filter((time_s) => time_s >= in_s && time_s <= out_s)
    .map((time_s) => {
      const track_s = start_s + (time_s - in_s);
      const beat_s = nearestBeat_s(sheet.beats_s, track_s);
      const landed = track_s >= 0 && track_s <= sheet.duration_s && Math.abs(beat_s - track_s) <= frame_s + SLACK_S;
      return { time_s, landed, on_bar: landed && isDownbeat(sheet, beat_s) };
    });
}

export function landedWords(all: readonly Dot[]): string | null {
  if (all.length === 0) return null;
  return `${all.filter(({ landed }) => landed).length} of ${all.length} within a frame`;
}

function isDownbeat(sheet: TrackTimeline, beat_s: number): boolean {
  return barAt(sheet, beat_s) !== barAt(sheet, beat_s - 0.05);
}
