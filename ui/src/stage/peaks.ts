// Bars of a waveform, a few pixels each, from a curve of peaks.
import type { Curve } from '../platform/types';

export const BAR_PX = 2;
export const PITCH_PX = 3;

/** The greatest value of `curve` between two of its times, 0 outside; at least one value is looked at. */
export function greatest(curve: Curve, from_s: number, to_s: number): number {
  const { rate_hz, values } = curve;
  if (to_s <= 0 || from_s * rate_hz >= values.length) return 0;
  const first = Math.max(0, Math.floor(from_s * rate_hz));
  const last = Math.min(values.length, Math.max(first + 1, Math.ceil(to_s * rate_hz)));
  let most = 0;
  for (let i = first; i < last; i++) {
    const value = values[i] ?? 0;
    if (value > most) most = value;
  }
  return most;
}

/** The value at a time, between two values along the line that joins them. */
export function valueAt({ rate_hz, values }: Curve, at_s: number): number {
  const place = Math.min(values.length - 1, Math.max(0, at_s * rate_hz));
  const first = Math.floor(place);
  const from = values[first] ?? 0;
  return from + ((values[first + 1] ?? from) - from) * (place - first);
}
