// Seconds as the timecode of the clip's own rate. Frames are counted with whole numbers; 29.97 and 59.94 drop
// frame numbers the way SMPTE 12M does, and are written with a semicolon.
export type Rate = { fps_num: number; fps_den: number };

/** Numbers counted in a second: 24 at 23.976. */
const nominal = ({ fps_num, fps_den }: Rate): number => Math.round(fps_num / fps_den);
const drops = (rate: Rate): boolean => rate.fps_den === 1001 && nominal(rate) % 30 === 0;

/** The frame that is shown at `at_s`. */
export function frameAt(at_s: number, { fps_num, fps_den }: Rate): number {
  // A time that was computed from a frame must give that frame again.
  return Math.max(0, Math.floor((at_s * fps_num) / fps_den + 1e-4));
}

export function secondsAt(frame: number, { fps_num, fps_den }: Rate): number {
  return (frame * fps_den) / fps_num;
}

export function timecode(at_s: number, rate: Rate): string {
  const per_s = nominal(rate);
  let frame = frameAt(at_s, rate);
  if (drops(rate)) {
    const dropped = (per_s / 30) * 2;
    const per_ten_min = per_s * 600 - dropped * 9;
    const per_min = per_s * 60 - dropped;
    const tens = Math.floor(frame / per_ten_min);
    const rest = frame % per_ten_min;
    frame += dropped * 9 * tens + (rest >= dropped ? dropped * Math.floor((rest - dropped) / per_min) : 0);
  }
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(frame / per_s);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${clock}${drops(rate) ? ';' : ':'}${two(frame % per_s)}`;
}

/** Seconds that a typed timecode means; `null` where it cannot be read. Takes 12, 1:12, 1:12.5 and 00:01:12:04. */
export function parseTimecode(text: string, rate: Rate): number | null {
  const parts = text.trim().split(/[:;]/);
  if (parts.length > 4 || parts.some((part) => !/^\d+(\.\d+)?$/.test(part))) return null;
  const numbers = parts.map(Number);
  if (numbers.length < 4) return numbers.reduce((sum, part) => sum * 60 + part, 0);
  const [hours = 0, minutes = 0, seconds = 0, frames = 0] = numbers;
  const per_s = nominal(rate);
  if (frames >= per_s || minutes > 59 || seconds > 59) return null;
  let frame = (hours * 3600 + minutes * 60 + seconds) * per_s + frames;
  if (drops(rate)) {
    const all_min = hours * 60 + minutes;
    frame -= (per_s / 30) * 2 * (all_min - Math.floor(all_min / 10));
  }
  return secondsAt(frame, rate);
}

/** The rate as editors say it: 23.976, 25, 29.97. */
export function rateName({ fps_num, fps_den }: Rate): string {
  return String(Math.round((fps_num / fps_den) * 1000) / 1000);
}
