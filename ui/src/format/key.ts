/** Key in words a musician reads quickly: `Am` is A min, `F#` is F♯ maj. */
export function keyName(key: string): string {
  const minor = key.endsWith('m');
  const tonic = (minor ? key.slice(0, -1) : key).replace('#', '♯').replace(/^([A-G])b/, '$1♭');
  return `${tonic} ${minor ? 'min' : 'maj'}`;
}

/** Degrees of hue by the place on the wheel, so that neighbours that mix look alike. */
export function wheelHue(camelot: string): number {
  const hour = Number.parseInt(camelot, 10);
  return Number.isNaN(hour) ? 240 : (240 + (hour - 8) * 30 + 360) % 360;
}

export const WHEEL = Array.from({ length: 12 }, (_, index) => index + 1);
