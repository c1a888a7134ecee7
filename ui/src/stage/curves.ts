// The curves of a clip report, scaled for drawing.
import type { ClipReport, Curve } from '../platform/types';

/** Motion from 0 to 1, where 1 is the strongest motion of the range. */
export function motionCurve({ motion }: Pick<ClipReport, 'motion'>): Curve {
  const strongest = motion.values.reduce((most, value) => Math.max(most, value), 0);
  return { rate_hz: 1 / Math.max(1e-3, motion.step_s), values: motion.values.map((value) => (strongest > 0 ? value / strongest : 0)) };
}

/** Peaks of the clip's sound from 0 to 255; null for a silent clip. */
export function soundCurve({ sound_peaks }: Partial<Pick<ClipReport, 'sound_peaks'>>): Curve | null {
  return sound_peaks ? { rate_hz: sound_peaks.rate_hz, values: sound_peaks.values.map((value) => value * 255) } : null;
}
