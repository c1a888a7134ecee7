// Ranks the invented tracks by weights, filters and words, so that moving a slider really moves rows.
import type { Brief, Filters, Row, Rows, Weights } from '../types';
import { between, chance } from './chance';
import { TRACKS, type Invented } from './invented';
import { understand, type Understood } from './words';

const PULSE_BPM = 96.2;

export function passes(track: Invented, filters: Filters): boolean {
  const { bpm, duration_s, tags, voices, licences, key } = filters;
  if (bpm && (track.bpm < bpm[0] || track.bpm > bpm[1])) return false;
  if (duration_s && (track.duration_s < duration_s[0] || track.duration_s > duration_s[1])) return false;
  if (tags.some((tag) => !track.tags.includes(tag))) return false;
  if (voices === 'vocal' && track.vocal < 0.5) return false;
  if (voices === 'instrumental' && track.vocal >= 0.5) return false;
  if (licences.length > 0 && !licences.includes(track.licence ?? '')) return false;
  return !key || wheelDistance(track.camelot, key) <= 1;
}

export function wheelDistance(a: string, b: string): number {
  const apart = Math.abs(Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return Math.min(apart, 12 - apart) + (a.slice(-1) === b.slice(-1) ? 0 : 1);
}

function termsOf(track: Invented, understood: Understood, refined: boolean, reference: Invented | null): Weights {
  const pulse = understood.bpm ?? PULSE_BPM;
  const octaves = Math.abs(Math.log2(track.bpm / pulse));
  const apart = Math.abs(octaves - Math.round(octaves));
  const hits = track.tags.filter((tag) => understood.wanted.some((word) => tag.startsWith(word.slice(0, 4)))).length;
  const misses = track.tags.filter((tag) => understood.unwanted.some((word) => tag.startsWith(word))).length;
  const asked = understood.wanted.length > 0;
  return {
    visual: track.picture,
    tempo: refined ? Math.exp(-18 * apart * apart - 2.2 * apart) : 0.5,
    tags: Math.max(0.02, Math.min(1, (asked ? 0.35 + 0.28 * hits : 0.55 + (track.seed % 5) * 0.06) - 0.6 * misses)),
    key: 1 - wheelDistance(track.camelot, reference?.camelot ?? '8A') / 9,
  };
}

function total(weights: Weights, terms: Weights): number {
  const sum = weights.visual + weights.tempo + weights.tags + weights.key || 1;
  return (weights.visual * terms.visual + weights.tempo * terms.tempo + weights.tags * terms.tags + weights.key * terms.key) / sum;
}

/** One track as a row without a place yet. */
export function rowOf(track: Invented, scores: Weights | null, score: number, refined: boolean, rank = 0): Row {
  const next = chance(track.seed * 31);
  const beat_s = 60 / track.bpm;
  const start_s = Math.round(between(next, 1, 9)) * 4 * beat_s + 0.21;
  const cuts = [4.12, 7.9, 11.0, 15.55, 19.3, 22.8, 27.1, 31.4, 34.0, 38.6];
  const landings = cuts
    .filter((_, index) => (track.seed + index) % 3 !== 0)
    .map((clip_s, index) => ({ clip_s: 12.04 + clip_s, track_s: start_s + clip_s, on: index % 3 ? ('beat' as const) : ('bar' as const) }));
  const { picture, vocal, seed, ...shown } = track;
  const mode = track.camelot.endsWith('A') ? 'minor' : 'major';
  return {
    ...shown,
    vocal,
    rank,
    start_s,
    score,
    scores,
    reasons: scores && {
      visual: picture > 0.75 ? 'open countryside, warm light, gentle' : 'closer to the picture than 61 % of the candidates',
      tempo: refined ? `${track.bpm} BPM meets the cuts’ pulse of ${PULSE_BPM}` : 'still watching; the tempo does not count yet',
      tags: track.tags.join(', '),
      key: `${track.key}, ${mode}; ${wheelDistance(track.camelot, '8A') <= 1 ? 'fits the cue before it (8A)' : 'far from the cue before it (8A)'}`,
    },
    alignment: refined && scores ? { score: scores.tempo, cuts_landed: landings.length, cuts: cuts.length, landings } : null,
    why: `closer to the picture than ${Math.round(picture * 100)} % of the candidates; ${track.bpm} BPM`,
  };
}

export function rank(brief: Brief, match: number, refined: boolean, provider: string, pack: string): Rows {
  const understood = understand(brief.text);
  const reference = TRACKS.find((track) => track.track_id === brief.reference) ?? null;
  const results = TRACKS.filter((track) => passes(track, brief.filters))
    .map((track) => {
      const terms = termsOf(track, understood, refined, reference);
      return rowOf(track, terms, total(brief.weights, terms), refined);
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, 30)
    .map((row, index) => ({ ...row, rank: index + 1 }));
  return {
    match,
    refined,
    results,
    candidates: 200,
    confidence: 0.71,
    no_good_match: false,
    pack,
    provider,
    brief: {
      tempo_bpm: refined ? PULSE_BPM : null,
      tempo_confidence: refined ? 0.62 : 0,
      mode: 'minor',
      mood_label: 'HC',
      mood_name: 'hopeful, calm',
      speech: 0.31,
      text: brief.text || null,
      chips: understood.chips,
    },
    timings_ms: { first_rows: 320, watch: refined ? 1180 : 0, refine: refined ? 18 : 0, total: refined ? 1518 : 320 },
    warnings: [],
  };
}
