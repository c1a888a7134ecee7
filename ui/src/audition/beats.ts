// Beat numbers of a track, also between beats and beyond the first and last.
import type { TrackTimeline } from '../platform/types';

/** Length of a beat for a track without beats, seconds. */
const FALLBACK_BPM = 120;

export type Grid = Pick<TrackTimeline, 'beats_s' | 'bpm'>;

export function beatLength_s({ beats_s, bpm }: Grid): number {
  const first = beats_s[0];
  const last = beats_s[beats_s.length - 1];
  if (first !== undefined && last !== undefined && last > first) return (last - first) / (beats_s.length - 1);
  return 60 / (bpm && bpm > 0 ? bpm : FALLBACK_BPM);
}

/** Index of the last beat at or before `at_s`; −1 before the first. */
export function beatBefore(beats_s: readonly number[], at_s: number): number {
  let low = 0;
  let high = beats_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((beats_s[middle] ?? Infinity) <= at_s) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Beats from the track's first beat to `at_s`, with a fraction between beats. Continues at the same tempo beyond both ends. */
export function beatNumber(grid: Grid, at_s: number): number {
  const { beats_s } = grid;
  const length_s = beatLength_s(grid);
  const first = beats_s[0] ?? 0;
  const before = beatBefore(beats_s, at_s);
  const from = beats_s[before];
  const to = beats_s[before + 1];
  if (from === undefined) return (at_s - first) / length_s;
  if (to === undefined) return before + (at_s - from) / length_s;
  return before + (at_s - from) / (to - from);
}

/** Time of beat `number`; the inverse of [`beatNumber`]. */
export function beatTime_s(grid: Grid, number: number): number {
  const { beats_s } = grid;
  const length_s = beatLength_s(grid);
  const whole = Math.floor(number);
  const from = beats_s[whole];
  const to = beats_s[whole + 1];
  const first = beats_s[0] ?? 0;
  if (from === undefined) {
    const last = beats_s.length - 1;
    return last >= 0 && number > last ? (beats_s[last] ?? first) + (number - last) * length_s : first + number * length_s;
  }
  return from + (number - whole) * (to === undefined ? length_s : to - from);
}

/** `start_s` moved by whole beats; its fraction between two beats stays. */
export function nudged_s(grid: Grid, start_s: number, beats: number): number {
  return beatTime_s(grid, beatNumber(grid, start_s) + beats);
}

/** The beat nearest to `at_s`, or `at_s` itself where the track has no beats. */
export function nearestBeat_s(beats_s: readonly number[], at_s: number): number {
  const before = beatBefore(beats_s, at_s);
  const from = beats_s[before] ?? -Infinity;
  const to = beats_s[before + 1] ?? Infinity;
  if (!Number.isFinite(from) && !Number.isFinite(to)) return at_s;
  return at_s - from <= to - at_s ? from : to;
}

/** Number of the bar at `at_s`, from 1; null without downbeats or before the first one. */
export function barAt(sheet: Pick<TrackTimeline, 'beats_s' | 'downbeats'>, at_s: number): number | null {
  const slack_s = 0.02;
  let bar = 0;
  for (const downbeat of sheet.downbeats) {
    const starts_s = sheet.beats_s[downbeat];
    if (starts_s === undefined || starts_s > at_s + slack_s) break;
    bar += 1;
  }
  return bar > 0 ? bar : null;
}
