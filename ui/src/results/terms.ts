// The four terms of the score, in the order and the colours in which they are always shown.
import type { Weights } from '../platform/types';

export type Term = keyof Weights;
export const TERMS: readonly { term: Term; name: string; colour: string; title: string }[] = [
  { term: 'visual', name: 'Picture', colour: 'var(--picture)', title: 'How close the music is to the picture and the words' },
  { term: 'tempo', name: 'Tempo', colour: 'var(--tempo)', title: 'How well its beats match the cuts and the motion' },
  { term: 'tags', name: 'Tags', colour: 'var(--tags)', title: 'How well its tags match the mood and the words' },
  { term: 'key', name: 'Key', colour: 'var(--key)', title: 'How well its key fits the mood, or the cue before it' },
];

/** What each term adds to the score; the sum is the score. */
export function parts(weights: Weights, scores: Weights, score: number): number[] {
  const raw = TERMS.map(({ term }) => weights[term] * scores[term]);
  const sum = raw.reduce((total, part) => total + part, 0);
  return raw.map((part) => (sum > 0 ? (part / sum) * score : 0));
}
