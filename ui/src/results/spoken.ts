// A row in one sentence, for screen readers.
import { keyName } from '../format/key';
import { length, place } from '../format/length';
import type { Row } from '../platform/types';
import { earlyWords } from './track-end';

export function spoken(row: Row, saved: boolean, ends_early_s: number): string {
  const { rank, title, artist, bpm, camelot, key, duration_s, score } = row;
  return [
    `${rank}. ${title}`,
    artist && `by ${artist}`,
    bpm && `${Math.round(bpm)} BPM`,
    key && `${keyName(key)}${camelot ? `, ${camelot}` : ''}`,
    length(duration_s),
    ends_early_s > 0 && `ends ${earlyWords(ends_early_s)} before the out-point`,
    `score ${Math.round(score * 100)}`,
    saved && 'saved',
  ].filter(Boolean).join(', ');
}

/** Where the track starts and how many cuts land on its beats: the last line of the reasons. */
export function landing({ start_s, bpm, alignment }: Row): string {
  const bar = bpm ? Math.floor(start_s / (240 / bpm)) + 1 : null;
  const starts = start_s < 0.05 ? 'Starts at its beginning' : `Starts ${bar ? `near bar ${bar} ` : ''}(${place(start_s)})`;
  if (!alignment || alignment.cuts === 0) return starts;
  return `${starts} · ${alignment.cuts_landed} of ${alignment.cuts} cuts on its beats`;
}
