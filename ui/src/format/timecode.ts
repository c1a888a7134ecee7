// Seconds of a clip as SMPTE timecode, the camera's where the clip has one. Frames are whole numbers and the rate is
// a fraction. The crate timebase does the same; timecode.vectors.json holds its answers, which the tests compare.

/** The first frame's timecode, counted from midnight. */
type StartTimecode = { frame: number; drop_frame: boolean };
export type Rate = { fps_num: number; fps_den: number; start_timecode?: StartTimecode | null };

/** Frames counted in a second of timecode: 24 at 23.976. */
const nominal = ({ fps_num, fps_den }: Rate): number => Math.max(1, Math.round(fps_num / fps_den));
const hasDropFrame = ({ fps_num, fps_den }: Rate): boolean => fps_den === 1001 && [30_000, 60_000, 120_000].includes(fps_num);

/** How labels are counted. Without a camera's timecode, drop frame is the default at the rates that have it. */
function counting(rate: Rate) {
  const per_s = nominal(rate);
  const drop_frame = hasDropFrame(rate) && (rate.start_timecode?.drop_frame ?? true);
  // Labels that each minute skips, except every tenth: 2, 4 or 8.
  const dropped = drop_frame ? per_s / 15 : 0;
  const per_min = per_s * 60 - dropped;
  const per_ten_min = per_min * 10 + dropped;
  return { per_s, drop_frame, dropped, per_min, per_ten_min, per_day: per_ten_min * 144, start: rate.start_timecode?.frame ?? 0 };
}

/** The frame that is shown at `at_s`. */
export function frameAt(at_s: number, { fps_num, fps_den }: Rate): number {
  // The tolerance of 0.0001 of a frame makes a frame's own start show that frame.
  return Math.max(0, Math.floor((at_s * fps_num) / fps_den + 1e-4));
}

export function secondsAt(frame: number, { fps_num, fps_den }: Rate): number {
  return (frame * fps_den) / fps_num;
}

/** The label of the frame that is shown `at_s` into the clip. */
export function timecode(at_s: number, rate: Rate): string {
  const { per_s, drop_frame, dropped, per_min, per_ten_min, per_day, start } = counting(rate);
  const frame = (start + frameAt(at_s, rate)) % per_day;
  const tens = Math.floor(frame / per_ten_min);
  const minute = Math.max(0, Math.floor(((frame % per_ten_min) - dropped) / per_min));
  const label = frame + dropped * (9 * tens + minute);
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(label / per_s);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${clock}${drop_frame ? ';' : ':'}${String(label % per_s).padStart(per_s > 100 ? 3 : 2, '0')}`;
}

/**
 * Seconds into the clip of what was typed; `null` if it cannot be read. 12, 1:12 and 1:12.5 are seconds from the start
 * of the clip, four numbers are a label of the clip's timecode. A label before the clip's first frame is refused. A
 * label that drop frame skips means the next frame.
 */
export function parseTimecode(text: string, rate: Rate): number | null {
  const parts = text.trim().split(/[:;]/);
  if (parts.length > 4 || parts.some((part) => !/^\d+(\.\d+)?$/.test(part))) return null;
  const numbers = parts.map(Number);
  if (numbers.length < 4) return numbers.reduce((sum, part) => sum * 60 + part, 0);
  const [hours = 0, minutes = 0, seconds = 0, frames = 0] = numbers;
  const { per_s, dropped, per_day, start } = counting(rate);
  if (numbers.some((number) => !Number.isInteger(number)) || hours > 23 || minutes > 59 || seconds > 59 || frames >= per_s) return null;
  const all_min = hours * 60 + minutes;
  const tenth = minutes % 10 === 0;
  const in_min = Math.max(seconds * per_s + frames, tenth ? 0 : dropped);
  const label = all_min * 60 * per_s + in_min - dropped * (all_min - Math.floor(all_min / 10));
  const from_start = label - start;
  // More than half a day before the start means after the midnight that the clip crosses.
  const frame = from_start < -per_day / 2 ? from_start + per_day : from_start;
  return frame < 0 ? null : secondsAt(frame, rate);
}

/** The rate as editors write it: 23.976, 25, 29.97. */
export function rateName({ fps_num, fps_den }: Rate): string {
  return String(Math.round((fps_num / fps_den) * 1000) / 1000);
}
