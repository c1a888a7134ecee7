// How the picture is kept with the sound. Decides only: what was measured goes in, what to do comes out, and the state
// for the next time. `follower.ts` does it to a <video>.
//
// Three means, by how far the picture is off: nothing (dead band), the rate a little faster or slower, a seek. A
// seek's own lag and the jolt of a rate change differ from player to player (WebKitGTK makes a flushing seek of each
// change of rate, https://github.com/WebKit/WebKit/blob/main/Source/WebCore/platform/graphics/gstreamer/MediaPlayerPrivateGStreamer.cpp,
// `updatePlaybackRate`), so both are learned while playing.

export type Tuning = {
  /** Off by less than this is left alone. */
  dead_ms: number;
  /** A correction under way goes on until this near. */
  rest_ms: number;
  /** Off by more is not worth nudging. */
  seek_ms: number;
  /** The same right after a start or a seek, while a second seek is hardly noticed. */
  settle_ms: number;
  settling_ms: number;
  nudge_most: number;
  nudge_step: number;
  /** Time in which a nudge would bring the picture home. */
  pull_ms: number;
  /** Least time between two changes of the rate. */
  hold_ms: number;
  /** Measurements that a verdict takes, and keeps. */
  least: number;
  window: number;
  /** Rate changes that throw the picture further than this are not made any more. */
  jolt_ms: number;
  /** Where rates jolt: off by more is seeked, since nothing else helps. */
  jolting_seek_ms: number;
  /** There, too: off by more than `dead_ms` in the mean of so many measurements is seeked, not again before the wait is over. */
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
  /** Offsets less what the nudges since have moved, so that a nudge does not make them old. */
  bases_ms: number[];
  nudge: number;
  nudged_at_ms: number;
  /** How far the nudges have moved the picture up to `nudged_at_ms`. */
  moved_ms: number;
  rate: number;
  /** Time between asking for a seek and seeing it play on. */
  lag_ms: number;
  lag_known: boolean;
  /** A start or seek whose outcome has not been judged yet. */
  judging: 'seek' | 'start' | null;
  disturbed_at_ms: number;
  /** Seeks in a row that did not bring the picture home. */
  tries: number;
  seek_after_ms: number;
  /** Sum and number of the measurements since the last long verdict; how long to wait after the next, and until when. */
  long: { sum_ms: number; count: number; wait_ms: number; after_ms: number };
  /** What the offset should be after the change of rate that was just made, and how surely. */
  foretold: { base_ms: number; spread_ms: number } | null;
  jolts: number;
};

export type Measured = {
  at_ms: number;
  /** Picture less sound in milliseconds of the clip; positive where the picture is ahead. */
  offset_ms: number;
  /** The rate at which the sound runs. */
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

/** So many changes of rate that threw the picture about are no chance. */
export const JOLTED = 2;

/** Changes of rate throw this player's picture about. */
export const jolting = (state: FollowState): boolean => state.jolts >= JOLTED;

/** The picture starts to play, or the sound jumped and the picture was sought after it. */
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

/** What to do about `measured`, and the state to go on with. */
export function correct(measured: Measured, before: FollowState, tuning: Tuning = TUNING): [Correction, FollowState] {
  const { at_ms, rate } = measured;
  let state = rate === before.rate ? before : { ...disturbed(before, at_ms, 'start'), rate };
  const moved_ms = state.moved_ms + state.nudge * rate * (at_ms - state.nudged_at_ms);
  const bases_ms = [...state.bases_ms, measured.offset_ms - moved_ms].slice(-tuning.window);
  state = { ...state, bases_ms };
  // With nothing but seeks to put it right, a verdict on few frames would cost more than it brings.
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

/** The nudge that brings `offset_ms` home in `pull_ms`; once begun it goes on into the middle of the dead band. */
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
    // Behind means that the seek took longer than thought. The first lesson is believed whole, later ones by half.
    const error_ms = -offset_ms / Math.max(0.1, Math.abs(state.rate));
    const lag_ms = state.lag_ms + error_ms * (state.lag_known ? 0.5 : 1);
    // A seek that fell far off (a stall, a buffer to fill) says nothing about the next.
    const believable = Math.abs(error_ms) < 600;
    next = { ...next, lag_ms: believable ? Math.min(800, Math.max(-100, lag_ms)) : state.lag_ms, lag_known: state.lag_known || believable };
  }
  if (state.judging !== null) next = { ...next, judging: null };
  if (state.foretold !== null) {
    // Frames that come irregularly jump by themselves; that is not the rate's doing.
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
  // What is measured no better than this is not made better by a seek.
  const limit_ms = Math.max(least_ms, Math.min(tuning.seek_ms, 1.5 * spread_ms));
  // Above normal speed a frame is worth more of the clip.
  return Math.abs(offset_ms) > limit_ms * Math.max(1, Math.abs(state.rate));
}

/**
 * Frames arrive so unevenly that few of them cannot tell a small offset; many can. What a seek then costs is seen, so each
 * further one has to wait longer.
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
  // A picture that seeks do not bring home (a decoder that cannot keep up) is not made worse by ever more of them.
  const tries = at_ms - state.disturbed_at_ms < tuning.settling_ms + 1500 ? state.tries + 1 : 1;
  const wait_ms = tries <= 2 ? 0 : Math.min(8000, 250 * 2 ** tries);
  return { ...disturbed(state, at_ms, 'seek'), tries, seek_after_ms: at_ms + wait_ms };
}

function nudged(state: FollowState, at_ms: number, nudge: number, moved_ms: number, foretold: FollowState['foretold']): [Correction, FollowState] {
  const next = { ...state, nudge, nudged_at_ms: at_ms, moved_ms, bases_ms: [], foretold };
  return [{ playbackRate: state.rate * (1 + nudge) }, next];
}

/** How far the measurements lie apart, the furthest at either end left out where there are enough. */
function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const inner = sorted.length >= 5 ? sorted.slice(1, -1) : sorted;
  return (inner.at(-1) ?? 0) - (inner[0] ?? 0);
}

/**
 * The mean without the furthest at either end. Not the median: 24 frames on a screen of 60 Hz arrive by turns early and
 * late, and a median would jump between the two.
 */
function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const inner = sorted.length >= 5 ? sorted.slice(1, -1) : sorted;
  return inner.reduce((sum, value) => sum + value, 0) / Math.max(1, inner.length);
}
