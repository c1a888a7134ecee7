// Frames of a clip, counted in whole numbers: the rate is the fraction fps_num / fps_den and is never rounded.

import { frameAt, secondsAt, type Rate } from '../format/timecode';

export { frameAt, secondsAt as frameStart_s };
export type Fps = Rate;

/** Seek target that surely shows `frame`: its middle, seconds. */
export function frameMiddle_s(frame: number, { fps_num, fps_den }: Fps): number {
  return ((2 * frame + 1) * fps_den) / (2 * fps_num);
}

/** Frames in `duration_s`, at least one. */
export function frameCount(duration_s: number, fps: Fps): number {
  return Math.max(1, Math.round((duration_s * fps.fps_num) / fps.fps_den));
}

/** Start of the frame that is `frames` later, limited to the clip. */
export function stepped_s(position_s: number, frames: number, duration_s: number, fps: Fps): number {
  const last = frameCount(duration_s, fps) - 1;
  return secondsAt(Math.min(last, Math.max(0, frameAt(position_s, fps) + frames)), fps);
}

export function frameLength_s({ fps_num, fps_den }: Fps): number {
  return fps_den / fps_num;
}
