// A few of the words that the real engine understands, for the chips.
import type { WordDoc } from '../types';

const KNOWN: Record<string, [WordDoc['became'], string][]> = {
  fast: [['tempo', 'over 118 BPM']],
  slow: [['tempo', 'under 90 BPM']],
  calm: [['energy', 'low energy']],
  driving: [['tempo', 'over 108 BPM'], ['energy', 'high energy']],
  hopeful: [['valence', 'bright feeling']],
  warm: [['valence', 'bright feeling']],
  minor: [['mode', 'minor']],
  major: [['mode', 'major']],
  strings: [['tag', 'strings']],
  drums: [['tag', 'drums']],
  instrumental: [['refused', 'voices']],
};

export function understand(text: string): WordDoc[] {
  return text.toLowerCase().split(',').map((part) => part.trim()).filter(Boolean).flatMap(phrase);
}

function phrase(part: string): WordDoc[] {
  const plain = { text: part, through: null };
  const minus = /^(?:no |without |-|−)\s*(.+)$/.exec(part)?.[1];
  if (minus !== undefined) return [{ ...plain, became: 'refused', target: minus }];
  const bpm = /(\d+)\s*bpm/.exec(part)?.[1];
  if (bpm !== undefined) return [{ ...plain, became: 'tempo', target: `${Math.round(+bpm * 0.97)} to ${Math.round(+bpm * 1.03)} BPM` }];
  if (part === 'wacky') return [{ ...plain, became: 'valence', target: 'bright feeling', through: 'quirky' }];
  const known = part.split(' ').flatMap((word) => (KNOWN[word] ?? []).map(([became, target]) => ({ text: word, became, target, through: null })));
  return known.length > 0 ? known : [{ ...plain, became: 'vague', target: null }];
}
