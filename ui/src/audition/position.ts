// The position of the sound at a moment, calculated from the engine's last clock event.
import type { Clock } from '../platform/types';

/** Position in seconds of the clip at `engine_ms` of the engine's clock; inside the range while it loops. */
export function positionAt(clock: Clock, engine_ms: number, duration_s: number): number {
  const { position_s, playing, rate, looping } = clock;
  const [in_s, out_s] = clock.range_s;
  if (!playing) return position_s;
  const at_s = position_s + ((engine_ms - clock.at_ms) / 1000) * rate;
  const inside = position_s >= in_s && position_s < out_s;
  if (looping && inside && out_s > in_s) return in_s + modulo(at_s - in_s, out_s - in_s);
  // The picture must not run past the out-point while the engine's stop event is on its way.
  const last_s = inside && rate > 0 ? Math.min(out_s, duration_s) : duration_s;
  return Math.min(last_s, Math.max(0, at_s));
}

/** Picture minus sound in milliseconds; in a loop the shorter way round. */
export function offset_ms(picture_s: number, sound_s: number, clock: Clock): number {
  const apart_s = picture_s - sound_s;
  const length_s = clock.range_s[1] - clock.range_s[0];
  if (!clock.looping || length_s <= 0 || Math.abs(apart_s) < length_s / 2) return apart_s * 1000;
  return (modulo(apart_s + length_s / 2, length_s) - length_s / 2) * 1000;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
