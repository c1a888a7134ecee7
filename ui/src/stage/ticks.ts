// Ticks and labels of the ruler, by the space available.
import { frameAt, frameStart_s, type Fps } from '../audition/frames';
import { px_per_s, type Axis } from './axis';

export type Tick = { at_s: number; label: string | null };

const LABEL_PX = 62;
const TICK_PX = 7;
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const STEPS_FRAMES = [1, 2, 5, 10];

/** Ticks from left to right; those with enough space around them have a label. */
export function ticks(axis: Axis, fps: Fps): Tick[] {
  const scale = px_per_s(axis);
  const per_frame_px = scale / (fps.fps_num / fps.fps_den);
  const label_s = STEPS_S.find((step) => step * scale >= LABEL_PX) ?? 7200;
  if (scale >= LABEL_PX * 1.5) return byFrames(axis, fps, per_frame_px);
  const tick_s = STEPS_S.find((step) => step * scale >= TICK_PX && label_s % step === 0) ?? label_s;
  const found: Tick[] = [];
  for (let k = Math.ceil(axis.from_s / tick_s - 1e-9); k * tick_s <= axis.to_s + 1e-9; k++) {
    const at_s = k * tick_s;
    found.push({ at_s, label: at_s % label_s === 0 ? clockLabel(at_s) : null });
  }
  return found;
}

function byFrames(axis: Axis, fps: Fps, per_frame_px: number): Tick[] {
  const second = Math.round(fps.fps_num / fps.fps_den);
  const step = STEPS_FRAMES.find((frames) => frames * per_frame_px >= TICK_PX) ?? second;
  const labelled = [1, 2, 5, 10, second].find((frames) => frames % step === 0 && frames * per_frame_px >= LABEL_PX) ?? second;
  const found: Tick[] = [];
  const last = frameAt(axis.to_s, fps);
  for (let frame = frameAt(axis.from_s, fps); frame <= last; frame++) {
    const in_second = frame % second;
    if (in_second % step !== 0) continue;
    const named = in_second % labelled === 0 && (in_second === 0 || second - in_second >= labelled / 2);
    const seconds = Math.floor(frame / second);
    const label = in_second === 0 ? clockLabel(seconds) : `${clockLabel(seconds)}:${String(in_second).padStart(2, '0')}`;
    found.push({ at_s: frameStart_s(frame, fps), label: named ? label : null });
  }
  return found;
}

function clockLabel(at_s: number): string {
  const whole = Math.round(at_s);
  const seconds = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${seconds}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${seconds}`;
}
