// What the music should be: words, weights, filters and a reference track.
import type { Brief, Clip, Filters, Row, Weights } from '../platform/types';

export const WEIGHTS: Weights = { visual: 0.6, tempo: 0.25, tags: 0.1, key: 0.05 };
export const NO_FILTERS: Filters = { bpm: null, key: null, tags: [], voices: 'any', duration_s: null, licences: [] };
export const WORDS_SHARE = 0.5;
export const SENSITIVITY = 0.5;

export class BriefState {
  text = $state('');
  words_share = $state(WORDS_SHARE);
  /** The track that the music should sound like. */
  reference = $state.raw<{ track_id: string; title: string } | null>(null);
  weights = $state<Weights>({ ...WEIGHTS });
  filters = $state<Filters>({ ...NO_FILTERS });
  /** How small a change of picture counts as a cut, 0 to 1. */
  sensitivity = $state(SENSITIVITY);

  /** Restores the brief that was stored with the clip. */
  restore(clip: Clip): void {
    this.text = clip.brief;
    this.words_share = clip.words_share;
    this.reference = null;
    this.weights = { ...clip.weights };
    this.filters = { ...clip.filters };
    this.sensitivity = clip.sensitivity;
  }

  setReference(row: Row | null): void {
    this.reference = row && { track_id: row.track_id, title: row.title };
  }

  request(): Brief {
    return {
      text: this.text,
      words_share: this.words_share,
      reference: this.reference?.track_id ?? null,
      sensitivity: this.sensitivity,
      weights: $state.snapshot(this.weights),
      filters: $state.snapshot(this.filters),
    };
  }
}

export function filtersUsed(filters: Filters): number {
  const { bpm, key, tags, voices, duration_s, licences } = filters;
  return [bpm, key, tags.length, voices !== 'any', duration_s, licences.length].filter(Boolean).length;
}
