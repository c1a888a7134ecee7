// What happens in the invented clip: fourteen cuts, gentle motion, two people talking.
import type { Clip, ClipReport } from '../types';
import { between, chance } from './chance';
import { documents } from './documents';
import { frameAt, rangeFrames, rateOf } from './frames';
import { PULSE_BPM } from './ranking';

const CUTS_S = [4.12, 7.9, 11.0, 15.55, 19.3, 22.8, 27.1, 31.4, 34.0, 38.6, 43.2, 46.9, 51.2, 55.5];
const SPEECH_S: [number, number][] = [[15.6, 27.1], [38.6, 46.8]];

export function clipReport(clip: Clip, range_s: [number, number], sensitivity: number): ClipReport {
  const rate = rateOf(clip);
  const next = chance(41);
  const [in_s, out_s] = range_s;
  const length_s = out_s - in_s;
  const talking = (at_s: number) => SPEECH_S.some(([from, to]) => at_s >= from && at_s < to);
  const cuts = CUTS_S.filter((at_s) => at_s < length_s).map((at_s, index) => ({
    time_s: in_s + at_s,
    frame: frameAt(in_s + at_s, rate),
    kind: index % 6 === 5 ? 'dissolve' : 'cut',
    score: 0.4 + ((index * 37) % 60) / 100,
    span_s: null,
  }));
  const motion = Array.from({ length: Math.round(length_s * 10) }, (_, index) => {
    const at_s = index / 10;
    return Math.max(0, 0.03 + 0.03 * Math.sin(at_s / 1.9) + 0.025 * Math.sin(at_s / 0.7 + 1) + between(next, -0.008, 0.008));
  });
  const sound = Array.from({ length: Math.round(length_s * 50) }, (_, index) =>
    talking(index / 50) ? between(next, 0.1, 0.75) * (0.5 + 0.5 * Math.abs(Math.sin(index / 9))) : between(next, 0.01, 0.09),
  );
  return {
    ...documents.report,
    range_s,
    rate,
    range_frames: rangeFrames(range_s, rate),
    cuts: cuts.filter((cut) => cut.score >= 0.8 - sensitivity * 0.8),
    hits: cuts.map((cut) => ({ time_s: cut.time_s, strength: cut.score })),
    tempo: { bpm: PULSE_BPM, confidence: 0.62, candidates: [] },
    motion: { step_s: 0.1, values: motion },
    speech_s: SPEECH_S.map(([from, to]) => [in_s + from, in_s + to]),
    sound_peaks: { rate_hz: 50, values: sound },
  };
}
