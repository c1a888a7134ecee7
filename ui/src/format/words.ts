// Words and short forms for numbers.
import type { WordDoc } from '../platform/types';

/** Words of a brief, and in plain words what they became. */
export type Chip = { text: string; became: string; kind: 'measured' | 'refused' | 'near' | 'vague' };

export type Confidence = 'good' | 'fair' | 'weak';

export function confidenceWord(confidence: number): Confidence {
  if (confidence >= 0.6) return 'good';
  return confidence >= 0.35 ? 'fair' : 'weak';
}

/** .60, .05, 1.0: all of one width. */
export function share(value: number): string {
  const hundredths = Math.round(Math.max(0, Math.min(1, value)) * 100);
  return hundredths === 100 ? '1.0' : `.${String(hundredths).padStart(2, '0')}`;
}

/** One chip for each word or phrase: "fast → over 118 BPM", "no drums → refused: drums", "wacky → near: quirky, bright feeling". */
export function chipsOf(words: readonly WordDoc[]): Chip[] {
  const texts = [...new Set(words.map(({ text }) => text))];
  return texts.map((text) => chipOf(text, words.filter((word) => word.text === text)));
}

function chipOf(text: string, meanings: WordDoc[]): Chip {
  const refused = meanings.filter(({ became }) => became === 'refused').map(({ target }) => target ?? '');
  const wanted = meanings.filter(({ became }) => became !== 'refused').map(({ target }) => target ?? 'vague');
  const through = meanings.find((word) => word.through)?.through;
  const parts = [...(refused.length > 0 ? [`refused: ${refused.join(', ')}`] : []), ...wanted];
  const became = through ? `near: ${[through, ...parts].join(', ')}` : parts.join(', ');
  if (refused.length > 0) return { text, became, kind: 'refused' };
  if (through) return { text, became, kind: 'near' };
  return { text, became, kind: wanted.every((target) => target === 'vague') ? 'vague' : 'measured' };
}
