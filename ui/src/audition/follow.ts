// Keeps picture and sound in sync. Pure: a measurement and a state go in; a correction and the next state come out.
// `follower.ts` applies the corrections to a <video>.
//
// By the size of the offset there are three corrections: none (dead band), a slightly changed rate, a seek. A
// seek's lag and the jolt of a rate change differ between players (WebKitGTK makes a flushing seek of each
// change of rate, https://github.com/WebKit/WebKit/blob/main/Source/WebCore/platform/graphics/gstreamer/MediaPlayerPrivateGStreamer.cpp,
// `updatePlaybackRate`), so both are learned while playing.

export type Tuning = {
  /** Offsets below this are not corrected. */
  dead_ms: number;
  /** A correction that has begun continues down to this offset. */
  rest_ms: number;
  /** Offsets above this are corrected by a seek, not by the rate. */
  seek_ms: number;
  /** `seek_ms` for the first `settling_ms` after a start or a seek, when a second seek is hardly noticed. */
  settle_ms: number;
  settling_ms: number;
  nudge_most: number;
  nudge_step: number;
  /** Time in which a changed rate removes the offset. */
  pull_ms: number;
  /** Shortest time between two changes of the rate. */
  hold_ms: number;
  /** Number of measurements that a decision needs, and that are kept. */
  least: number;
  window: number;
  /** If changes of the rate move the picture by more than this, they are not used any more. */
  jolt_ms: number;
  /** `seek_ms` for players whose rate cannot be used. */
  jolting_seek_ms: number;
  /** For these players a mean of this many measurements above `dead_ms` is corrected by a seek, then not again before the wait ends. */
  long_window: number;
  long_wait_ms: number;
  long_wait_most_ms: number;
};

export const TUNING: Tuning = {
  dead_ms: 8,
  rest_ms: 3,
  seek_ms: 80,
  settle_ms: 30,
  settling_ms: 450,
  nudge_most: 0.06,
  nudge_step: 0.0025,
  pull_ms: 350,
  hold_ms: 90,
  least: 3,
  window: 7,
  jolt_ms: 25,
  jolting_seek_ms: 18,
  long_window: 45,
  long_wait_ms: 3000,
  long_wait_most_ms: 60_000,
};

export type FollowState = {
  /** Offsets without the effect of rate changes since, so that they stay usable after one. */
  bases_ms: number[];
  nudge: number;
  nudged_at_ms: number;
  /** Distance that changed rates have moved the picture up to `nudged_at_ms`. */
  moved_ms: number;
  rate: number;
  /** Time from a seek's request until the picture plays again. */
  lag_ms: number;
  lag_known: boolean;
  /** A start or seek whose result has not been measured yet. */
  judging: 'seek' | 'start' | null;
  disturbed_at_ms: number;
  /** Consecutive seeks that did not remove the offset. */
  tries: number;
  seek_after_ms: number;
  /** Sum and count of the measurements since the last decision over many; the next waiting time, and the current one's end. */
  long: { sum_ms: number; count: number; wait_ms: number; after_ms: number };
  /** Expected offset after the latest change of rate, and its uncertainty. */
  foretold: { base_ms: number; spread_ms: number } | null;
  jolts: number;
};

export type Measured = {
  at_ms: number;
  /** Picture minus sound in milliseconds of the clip; positive if the picture is ahead. */
  offset_ms: number;
  /** Playback rate of the sound. */
  rate: number;
};

export type Correction = { playbackRate: number } | { seek: true } | null;

export function begun(at_ms: number, lag_ms = 60, jolts = 0): FollowState {
  return {
    bases_ms: [],
    nudge: 0,
    nudged_at_ms: at_ms,
    moved_ms: 0,
    rate: 1,
    lag_ms,
    lag_known: false,
    judging: 'start',
    disturbed_at_ms: at_ms,
    tries: 0,
    seek_after_ms: at_ms,
    long: { sum_ms: 0, count: 0, wait_ms: TUNING.long_wait_ms, after_ms: at_ms },
    foretold: null,
    jolts,
  };
}

/** Number of jolts after which the rate is not used any more. */
export const JOLTED = 2;

/** Whether changes of the rate make this player's picture jump. */
export const jolting = (state: FollowState): boolean => state.jolts >= JOLTED;

/** The state after the picture started to play, or sought after a jump of the sound. */
export function disturbed(state: FollowState, at_ms: number, by: 'seek' | 'start'): FollowState {
  return {
    ...state,
    bases_ms: [],
    nudge: 0,
    nudged_at_ms: at_ms,
    moved_ms: 0,
    judging: by,
    disturbed_at_ms: at_ms,
    long: { ...state.long, sum_ms: 0, count: 0 },
    foretold: null,
  };
}

/** The correction for `measured`, and the next state. */
export function correct(measured: Measured, before: FollowState, tuning: Tuning = TUNING): [Correction, FollowState] {
  const { at_ms, rate } = measured;
  let state = rate === before.rate ? before : { ...disturbed(before, at_ms, 'start'), rate };
  const moved_ms = state.moved_ms + state.nudge * rate * (at_ms - state.nudged_at_ms);
  const bases_ms = [...state.bases_ms, measured.offset_ms - moved_ms].slice(-tuning.window);
  state = { ...state, bases_ms };
  // Where only seeks can correct, a decision from few frames would do more harm than good.
  if (bases_ms.length < (jolting(state) ? tuning.window : tuning.least)) return [null, state];

  const base_ms = middle(bases_ms);
  const offset_ms = base_ms + moved_ms;
  const spread_ms = spread(bases_ms);
  state = learned(state, base_ms, offset_ms, spread_ms, tuning);
  if (wantsSeek(state, at_ms, offset_ms, spread_ms, tuning)) return [{ seek: true }, sought(state, at_ms, tuning)];
  if (jolting(state)) {
    const [far, long] = lookedBack(state, measured, tuning);
    state = { ...state, long };
    if (far) return [{ seek: true }, sought(state, at_ms, tuning)];
  }
  if (Math.abs(offset_ms) <= tuning.settle_ms && at_ms - state.disturbed_at_ms > tuning.settling_ms) state = { ...state, tries: 0 };
  if (jolting(state)) return state.nudge === 0 ? [null, state] : nudged(state, at_ms, 0, moved_ms, { base_ms, spread_ms });

  const nudge = nudgeFor(offset_ms, state.nudge, tuning);
  const hasty = state.nudge === 0 && bases_ms.length < tuning.window && at_ms - state.disturbed_at_ms > tuning.settling_ms;
  if (hasty || nudge === state.nudge || at_ms - state.nudged_at_ms < tuning.hold_ms) return [null, state];
  return nudged(state, at_ms, nudge, moved_ms, { base_ms, spread_ms });
}

/** The change of rate that removes `offset_ms` in `pull_ms`. A change that has begun continues down to `rest_ms`. */
export function nudgeFor(offset_ms: number, current: number, tuning: Tuning): number {
  const band_ms = current === 0 ? tuning.dead_ms : tuning.rest_ms;
  if (Math.abs(offset_ms) <= band_ms) return 0;
  const wanted = -offset_ms / tuning.pull_ms;
  const stepped = Math.round(wanted / tuning.nudge_step) * tuning.nudge_step;
  return Math.min(tuning.nudge_most, Math.max(-tuning.nudge_most, stepped)) || 0;
}

function learned(state: FollowState, base_ms: number, offset_ms: number, spread_ms: number, tuning: Tuning): FollowState {
  let next = state;
  if (state.judging === 'seek') {
    // A picture behind the sound means that the seek took longer than expected. The first measurement counts in full,
    // later ones by half.
    const error_ms = -offset_ms / Math.max(0.1, Math.abs(state.rate));
    const lag_ms = state.lag_ms + error_ms * (state.lag_known ? 0.5 : 1);
    // A seek far off (a stall, a buffer to fill) does not predict the next one.
    const believable = Math.abs(error_ms) < 600;
    next = { ...next, lag_ms: believable ? Math.min(800, Math.max(-100, lag_ms)) : state.lag_ms, lag_known: state.lag_known || believable };
  }
  if (state.judging !== null) next = { ...next, judging: null };
  if (state.foretold !== null) {
    // Irregular frames jump by themselves, whatever the rate is.
    const doubt_ms = 2 * Math.max(spread_ms, state.foretold.spread_ms);
    const jolted = Math.abs(base_ms - state.foretold.base_ms) > Math.max(tuning.jolt_ms, doubt_ms);
    next = { ...next, foretold: null, jolts: jolted ? state.jolts + 1 : Math.max(0, state.jolts - 0.25) };
  }
  return next;
}

function wantsSeek(state: FollowState, at_ms: number, offset_ms: number, spread_ms: number, tuning: Tuning): boolean {
  if (at_ms < state.seek_after_ms) return false;
  const settling = at_ms - state.disturbed_at_ms < tuning.settling_ms && state.tries < 2;
  const least_ms = jolting(state) ? tuning.jolting_seek_ms : settling ? tuning.settle_ms : tuning.seek_ms;
  // A seek cannot correct an offset smaller than the measurement's own uncertainty.
  const limit_ms = Math.max(least_ms, Math.min(tuning.seek_ms, 1.5 * spread_ms));
  // Above normal speed a frame covers more of the clip.
  return Math.abs(offset_ms) > limit_ms * Math.max(1, Math.abs(state.rate));
}

/**
 * With uneven frames a small offset shows only in the mean of many. A seek is visible, so each further one waits longer.
 */
function lookedBack({ long, rate }: FollowState, { at_ms, offset_ms }: Measured, tuning: Tuning): [boolean, FollowState['long']] {
  const [sum_ms, count] = [long.sum_ms + offset_ms, long.count + 1];
  if (count < tuning.long_window) return [false, { ...long, sum_ms, count }];
  const far = Math.abs(sum_ms / count) > tuning.dead_ms * Math.max(1, Math.abs(rate)) && at_ms >= long.after_ms;
  const next = { ...long, sum_ms: 0, count: 0 };
  if (!far) return [false, next];
  return [true, { ...next, after_ms: at_ms + long.wait_ms, wait_ms: Math.min(tuning.long_wait_most_ms, 2 * long.wait_ms) }];
}

function sought(state: FollowState, at_ms: number, tuning: Tuning): FollowState {
  // If seeks do not help (the decoder is too slow), there are no more of them.
  const tries = at_ms - state.disturbed_at_ms < tuning.settling_ms + 1500 ? state.tries + 1 : 1;
  const wait_ms = tries <= 2 ? 0 : Math.min(8000, 250 * 2 ** tries);
  return { ...disturbed(state, at_ms, 'seek'), tries, seek_after_ms: at_ms + wait_ms };
}

function nudged(state: FollowState, at_ms: number, nudge: number, moved_ms: number, foretold: FollowState['foretold']): [Correction, FollowState] {
  const next = { ...state, nudge, nudged_at_ms: at_ms, moved_ms, bases_ms: [], foretold };
  return [{ playbackRate: state.rate * (1 + nudge) }, next];
}

/** Spread of the measurements; from 5 on without the largest and the smallest. */
function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const inner = sorted.length >= 5 ? sorted.slice(1, -1) : sorted;
  return (inner.at(-1) ?? 0) - (inner[0] ?? 0);
}

/**
 * The mean without the largest and the smallest. A median would jump: 24 frames a second on a 60 Hz screen arrive early
 * and late in turn.
 */
function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const inner = sorted.length >= 5 ? sorted.slice(1, -1) : sorted;
  return inner.reduce((sum, value) => sum + value, 0) / Math.max(1, inner.length);
}
