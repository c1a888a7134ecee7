// Bars of a waveform from a curve of peaks.
import type { Curve } from '../platform/types';

export const BAR_PX = 2;
export const PITCH_PX = 3;

/** Largest value of `curve` between two times, 0 outside of it. At least one value is read. */
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

/** The value at a time by linear interpolation. */
export function valueAt({ rate_hz, values }: Curve, at_s: number): number {
  const place = Math.min(values.length - 1, Math.max(0, at_s * rate_hz));
  const first = Math.floor(place);
  const from = values[first] ?? 0;
  return from + ((values[first + 1] ?? from) - from) * (place - first);
}
