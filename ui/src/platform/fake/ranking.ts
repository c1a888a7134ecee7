// Rows of the invented tracks, so that filters narrow the list and a weight changes its order. The order means nothing:
// the engine's tests are about ranking.
import type { AlignmentDoc, Brief, Clip, Filters, FoundRows, RateDoc, ResultDoc, Rows, SearchRow, Weights } from '../types';
import { between, chance } from './chance';
import { documents } from './documents';
import { frameAt, rangeFrames, rateOf } from './frames';
import { TRACKS, type Invented } from './invented';
import { understand } from './words';

export const PULSE_BPM = 96.2;

/** The invented clip's range in seconds: a shorter track does not fill it. */
const RANGE_S = 40;

export function passes(track: Invented, filters: Filters): boolean {
  const { bpm, duration_s, tags, voices, licences, key } = filters;
  if (bpm && (track.bpm < bpm[0] || track.bpm > bpm[1])) return false;
  if (duration_s && (track.duration_s < duration_s[0] || track.duration_s > duration_s[1])) return false;
  if (tags.some((tag) => !track.tags.includes(tag))) return false;
  if (voices === 'vocal' && track.vocal < 0.5) return false;
  if (voices === 'instrumental' && track.vocal >= 0.5) return false;
  if (licences.length > 0 && !licences.includes(track.licence ?? '')) return false;
  return !key || track.camelot === key;
}

/** Four values from 0 to 1 that differ from track to track. */
function termsOf(track: Invented, refined: boolean): Weights {
  // The first track stays the best one when the rows are refined, so that it stays selected at the top.
  if (track === TRACKS[0]) return { visual: 1, tempo: refined ? 1 : 0.5, tags: 0.9, key: 1 };
  const next = chance(track.seed * 17);
  const [tempo, tags, key] = [between(next, 0.3, 1), between(next, 0.3, 0.9), between(next, 0.2, 1)];
  return { visual: track.picture, tempo: refined ? tempo : 0.5, tags, key };
}

function weighted(weights: Weights, terms: Weights): number {
  const sum = weights.visual + weights.tempo + weights.tags + weights.key || 1;
  return (weights.visual * terms.visual + weights.tempo * terms.tempo + weights.tags * terms.tags + weights.key * terms.key) / sum;
}

function startOf({ seed, bpm }: Invented): number {
  return Math.round(between(chance(seed * 31), 1, 9)) * 4 * (60 / bpm) + 0.21;
}

function alignmentOf(track: Invented, score: number, rate: RateDoc): AlignmentDoc {
  const cuts = [4.12, 7.9, 11.0, 15.55, 19.3, 22.8, 27.1, 31.4, 34.0, 38.6];
  const landings = cuts
    .filter((_, index) => (track.seed + index) % 3 !== 0)
    .map((at_s, index) => ({
      clip_s: 12.04 + at_s,
      frame: frameAt(12.04 + at_s, rate),
      track_s: startOf(track) + at_s,
      on: index % 3 ? 'beat' : 'bar',
    }));
  return { score, cuts_landed: landings.length, cuts: cuts.length, landings };
}

function searchRow(track: Invented, score: number, rank: number): SearchRow {
  const { picture: _, seed: __, peaks: ___, ...row } = track;
  return { ...row, rank, score, cosine: score, why: null, start_s: startOf(track) };
}

function resultOf(track: Invented, scores: Weights, score: number, rank: number, aligned: RateDoc | null): ResultDoc {
  return {
    ...searchRow(track, score, rank),
    scores: { ...scores, words: null },
    reasons: {
      words: null,
      visual: track.picture > 0.75 ? 'open countryside, warm light, gentle' : 'closer to the picture than 61 % of the candidates',
      tempo: aligned ? `${track.bpm} BPM; the cuts’ pulse is ${PULSE_BPM}` : 'cuts and motion are not known yet',
      tags: track.tags.join(', '),
      key: track.key ?? 'no key',
    },
    too_short: track.duration_s < RANGE_S,
    alignment: aligned && alignmentOf(track, scores.tempo, aligned),
    why: `closer to the picture than ${Math.round(track.picture * 100)} % of the candidates; ${track.bpm} BPM`,
  };
}

const peaksOf = (tracks: Invented[]) => Object.fromEntries(tracks.map(({ track_id, peaks }) => [track_id, peaks]));

export type Ranked = { clip: Clip; match: number; refined: boolean; provider: string; pack: string; tracks: number };

export function matchRows(brief: Brief, { clip, match, refined, provider, pack, tracks }: Ranked): Rows {
  const rate = rateOf(clip);
  const words = understand(brief.text);
  const scored = TRACKS.filter((track) => passes(track, brief.filters)).map((track) => {
    const terms = termsOf(track, refined);
    return { track, terms, score: weighted(brief.weights, terms) };
  });
  const best = scored.sort((a, b) => b.score - a.score).slice(0, 30);
  const document = refined ? documents.refined_rows : documents.rows;
  return {
    ...document,
    clip: { ...document.clip, path: clip.path, duration_s: clip.duration_s, range_s: clip.range_s, rate, range_frames: rangeFrames(clip.range_s, rate) },
    match,
    provider,
    pack,
    catalog: { ...document.catalog, tracks },
    candidates: 200,
    confidence: 0.71,
    no_good_match: false,
    brief: { ...document.brief, tempo_bpm: refined ? PULSE_BPM : null, tempo_confidence: refined ? 0.62 : 0, text: brief.text || null, words },
    timings_ms: { ...document.timings_ms, first_rows: 320, watch: refined ? 1180 : 0, refine: refined ? 18 : 0, total: refined ? 1518 : 320 },
    results: best.map(({ track, terms, score }, index) => resultOf(track, terms, score, index + 1, refined ? rate : null)),
    peaks: peaksOf(best.map(({ track }) => track)),
  };
}

/** The tracks in the given order, as a search finds them. */
export function foundRows(tracks: Invented[], text = ''): FoundRows {
  return { words: understand(text), results: tracks.map((track, index) => searchRow(track, 0.9 - index * 0.02, index + 1)), peaks: peaksOf(tracks) };
}
