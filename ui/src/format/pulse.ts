import type { PulseDoc } from '../platform/types';

/** Below this confidence the pulse of a clip is a guess, and no tempo is shown. */
const LEAST_CONFIDENCE = 0.3;

/** The pulse of the clip's cuts and motion in BPM; null where none was found with enough confidence. */
export function shownPulse({ bpm, confidence }: Pick<PulseDoc, 'bpm' | 'confidence'>): number | null {
  return confidence >= LEAST_CONFIDENCE ? bpm : null;
}
