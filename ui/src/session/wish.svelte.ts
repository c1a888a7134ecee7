// What the music should be: words, weights, filters, and what it should sound like. Every change is asked of the
// engine at once; see `Session.changed`.
import type { Clip, Filters, Weights, Wish } from '../platform/types';

export const WEIGHTS: Weights = { visual: 0.6, tempo: 0.25, tags: 0.1, key: 0.05 };
export const NO_FILTERS: Filters = { bpm: null, key: null, tags: [], voices: 'any', duration_s: null, licences: [] };
export const WORDS_SHARE = 0.5;
export const SENSITIVITY = 0.5;

export class WishState {
  brief = $state('');
  words_share = $state(WORDS_SHARE);
  reference = $state<string | null>(null);
  weights = $state<Weights>({ ...WEIGHTS });
  filters = $state<Filters>({ ...NO_FILTERS });
  sensitivity = $state(SENSITIVITY);

  /** As the clip was left the last time. */
  takeFrom(clip: Clip): void {
    this.brief = clip.brief;
    this.words_share = clip.words_share;
    this.reference = null;
    this.weights = { ...clip.weights };
    this.filters = { ...clip.filters };
    this.sensitivity = clip.sensitivity;
  }

  plain(): Wish {
    const { brief, words_share, reference, sensitivity } = this;
    return { brief, words_share, reference, sensitivity, weights: $state.snapshot(this.weights), filters: $state.snapshot(this.filters) };
  }
}

export function filtersUsed(filters: Filters): number {
  const { bpm, key, tags, voices, duration_s, licences } = filters;
  return [bpm, key, tags.length, voices !== 'any', duration_s, licences.length].filter(Boolean).length;
}
