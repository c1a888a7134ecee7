// A small part of what the real brief understands: moods, what is unwanted, a tempo, a mode.
import type { Chip } from '../types';

export type Understood = { chips: Chip[]; wanted: string[]; unwanted: string[]; bpm: number | null };

export function understand(text: string): Understood {
  const chips: Chip[] = [];
  const wanted: string[] = [];
  const unwanted: string[] = [];
  let bpm: number | null = null;
  for (const part of text.toLowerCase().split(',').map((words) => words.trim()).filter(Boolean)) {
    const minus = /^(?:no|without|-|−)\s*(.+)$/.exec(part);
    const tempo = /(\d{2,3})\s*bpm/.exec(part);
    if (minus?.[1]) {
      unwanted.push(minus[1]);
      chips.push({ text: minus[1], wanted: false });
    } else if (tempo?.[1]) {
      bpm = Number(tempo[1]);
      chips.push({ text: `${bpm} BPM ±`, wanted: true });
    } else if (part.includes('minor') || part.includes('major')) {
      chips.push({ text: part, wanted: true });
    } else if (part.includes('speech')) {
      chips.push({ text: 'leave room for speech', wanted: true });
    } else {
      wanted.push(...part.split(/\s+/));
    }
  }
  return { chips, wanted, unwanted, bpm };
}
