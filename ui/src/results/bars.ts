/** Peaks brought to `count` bars, each the highest of its stretch, between 0 and 1. */
export function bars(peaks: readonly number[], count: number): number[] {
  if (peaks.length === 0) return new Array<number>(count).fill(0);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index / count) * peaks.length);
    const to = Math.max(from + 1, Math.floor(((index + 1) / count) * peaks.length));
    let top = 0;
    for (let at = from; at < to; at += 1) top = Math.max(top, peaks[at] ?? 0);
    return top / 255;
  });
}
