// Where the sound is at a moment, from the last thing that the engine told about it.
import type { Clock } from '../platform/types';

/** Seconds of the clip that are heard at `engine_ms` of the engine's clock; inside the range when that loops. */
export function positionAt(clock: Clock, engine_ms: number, duration_s: number): number {
  const { position_s, playing, rate, looping } = clock;
  const [in_s, out_s] = clock.range_s;
  if (!playing) return position_s;
  const at_s = position_s + ((engine_ms - clock.at_ms) / 1000) * rate;
  const inside = position_s >= in_s && position_s < out_s;
  if (looping && inside && out_s > in_s) return in_s + modulo(at_s - in_s, out_s - in_s);
  // Until the engine tells that it stopped at the out-point, the picture must not run past it.
  const last_s = inside && rate > 0 ? Math.min(out_s, duration_s) : duration_s;
  return Math.min(last_s, Math.max(0, at_s));
}

/** Picture less sound in milliseconds; across the seam of a loop the shorter way round. */
export function offset_ms(picture_s: number, sound_s: number, clock: Clock): number {
  const apart_s = picture_s - sound_s;
  const length_s = clock.range_s[1] - clock.range_s[0];
  if (!clock.looping || length_s <= 0 || Math.abs(apart_s) < length_s / 2) return apart_s * 1000;
  return (modulo(apart_s + length_s / 2, length_s) - length_s / 2) * 1000;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
