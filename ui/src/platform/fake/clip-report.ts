// What the invented clip does in time: ten cuts, gentle motion, two people talking.
import type { ClipReport } from '../types';
import { between, chance } from './chance';

const CUTS_S = [4.12, 7.9, 11.0, 15.55, 19.3, 22.8, 27.1, 31.4, 34.0, 38.6, 43.2, 46.9, 51.2, 55.5];
const SPEECH_S: [number, number][] = [[15.6, 27.1], [38.6, 46.8]];

export function clipReport(range_s: [number, number], refined: boolean, sensitivity = 0.5): ClipReport {
  const next = chance(41);
  const [in_s, out_s] = range_s;
  const length_s = out_s - in_s;
  const talking = (at_s: number) => SPEECH_S.some(([from, to]) => at_s >= from && at_s < to);
  const cuts = CUTS_S.filter((at_s) => at_s < length_s).map((at_s, index) => ({
    time_s: in_s + at_s,
    kind: index % 6 === 5 ? ('dissolve' as const) : ('cut' as const),
    score: 0.4 + ((index * 37) % 60) / 100,
  }));
  const motion = Array.from({ length: Math.round(length_s * 5) }, (_, index) => {
    const at_s = index / 5;
    return Math.max(0, Math.min(1, 0.3 + 0.3 * Math.sin(at_s / 1.9) + 0.25 * Math.sin(at_s / 0.7 + 1) + between(next, -0.08, 0.08)));
  });
  const sound = Array.from({ length: Math.round(length_s * 50) }, (_, index) => {
    const loud = talking(index / 50) ? between(next, 20, 190) * (0.5 + 0.5 * Math.abs(Math.sin(index / 9))) : between(next, 3, 22);
    return Math.round(loud);
  });
  return {
    range_s,
    cuts: cuts.filter((cut) => cut.score >= 0.8 - sensitivity * 0.8),
    hits: cuts.map((cut) => ({ time_s: cut.time_s, strength: cut.score })),
    tempo: { bpm: refined ? 96.2 : null, confidence: refined ? 0.62 : 0 },
    motion: { rate_hz: 5, values: motion },
    speech_s: SPEECH_S.map(([from, to]) => [in_s + from, in_s + to]),
    sound: { rate_hz: 50, values: sound },
  };
}
