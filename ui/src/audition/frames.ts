// Frames of a clip, counted in whole numbers: the rate is the fraction fps_num / fps_den and is never rounded.

export type Fps = { fps_num: number; fps_den: number };

/** Times reach us as seconds in floating point; a frame's own start must not fall into the frame before it. */
const SLACK = 1e-6;

/** The frame that is seen at `position_s`. */
export function frameAt(position_s: number, { fps_num, fps_den }: Fps): number {
  return Math.max(0, Math.floor((position_s * fps_num) / fps_den + SLACK * (fps_num / fps_den) + 1e-9));
}

export function frameStart_s(frame: number, { fps_num, fps_den }: Fps): number {
  return (frame * fps_den) / fps_num;
}

/** Where to seek a player so that it shows `frame` and not a neighbour: half way into it. */
export function frameMiddle_s(frame: number, { fps_num, fps_den }: Fps): number {
  return ((2 * frame + 1) * fps_den) / (2 * fps_num);
}

/** Frames in `duration_s`, at least one. */
export function frameCount(duration_s: number, fps: Fps): number {
  return Math.max(1, Math.round((duration_s * fps.fps_num) / fps.fps_den));
}

/** The start of the frame `frames` further on, inside the clip. */
export function stepped_s(position_s: number, frames: number, duration_s: number, fps: Fps): number {
  const last = frameCount(duration_s, fps) - 1;
  return frameStart_s(Math.min(last, Math.max(0, frameAt(position_s, fps) + frames)), fps);
}

export function frameLength_s({ fps_num, fps_den }: Fps): number {
  return fps_den / fps_num;
}
