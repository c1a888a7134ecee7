/** `count` bars from 0 to 1; each is the highest peak of its part of the curve. */
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

/** SVG path of the bars `from..to` in a drawing `height` px high. A bar is 1 px wide and at least 1 px high. */
export function outline(tops: readonly number[], from: number, to: number, height: number): string {
  let path = '';
  for (let at = Math.max(0, from); at < Math.min(to, tops.length); at += 1) {
    const high = Math.max(1, (tops[at] ?? 0) * height);
    path += `M${at * 2} ${((height - high) / 2).toFixed(1)}h1v${high.toFixed(1)}h-1z`;
  }
  return path;
}
