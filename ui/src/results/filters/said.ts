// The text of the filter chips, one or two words each.
import { length } from '../../format/length';
import type { Filters } from '../../platform/types';

const LONG_S = 3600;

export function saidBpm({ bpm }: Filters): string | null {
  return bpm && `BPM ${Math.round(bpm[0])}–${Math.round(bpm[1])}`;
}

export function saidKey({ key }: Filters): string | null {
  return key && `key fits ${key}`;
}

export function saidTags({ tags }: Filters): string | null {
  if (tags.length === 0) return null;
  return tags.length > 2 ? `${tags.slice(0, 2).join(', ')} +${tags.length - 2}` : tags.join(', ');
}

export function saidVoices({ voices }: Filters): string | null {
  return { any: null, instrumental: 'instrumental', vocal: 'with voices' }[voices];
}

export function saidLength({ duration_s }: Filters): string | null {
  if (!duration_s) return null;
  const [least, most] = duration_s;
  if (least <= 0) return `up to ${length(most)}`;
  return most >= LONG_S ? `over ${length(least)}` : `${length(least)}–${length(most)}`;
}

export function saidLicences({ licences }: Filters): string | null {
  if (licences.length === 0) return null;
  return licences.length > 1 ? `${licences[0]} +${licences.length - 1}` : (licences[0] ?? null);
}

/** A typed range with its ends in order; null where both ends are open. */
export function typedRange(least: number | null, most: number | null, top: number): [number, number] | null {
  if (least === null && most === null) return null;
  const low = Math.max(0, least ?? 0);
  const high = Math.min(top, most ?? top);
  return low <= high ? [low, high] : [high, low];
}
