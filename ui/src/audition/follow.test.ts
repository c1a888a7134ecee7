import { describe, expect, it } from 'vitest';
import { begun, correct, disturbed, JOLTED, jolting, nudgeFor, TUNING, type FollowState } from './follow';

/** A simulated browser player: starts and seeks late, shows frames at the screen's refresh, measures with jitter. */
type Player = {
  fps: number;
  /** Lag of a start or seek, and by how much it varies. */
  lag_ms: number;
  lag_spread_ms: number;
  jitter_ms: number;
  /** Rates are rounded to this. */
  rate_quantum: number;
  /** Offset that each change of rate adds: WebKitGTK flushes. */
  rate_stop_ms: number;
  /** Difference between its clock and the sound's. */
  drift_ppm: number;
  stalls: { at_ms: number; for_ms: number }[];
  jumps: { at_ms: number; by_ms: number }[];
};

const STEADY: Player = {
  fps: 24, lag_ms: 70, lag_spread_ms: 15, jitter_ms: 3, rate_quantum: 0, rate_stop_ms: 0, drift_ppm: 60, stalls: [], jumps: [],
};

type Told = { at_ms: number; offset_ms: number };
type Run = { told: Told[]; seeks: number[]; rates: number[]; state: FollowState };

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Plays for `length_ms` on a screen of 60 Hz. `told` holds the true offset of every frame shown. */
function play(player: Player, length_ms: number, seed = 1): Run {
  const next = random(seed);
  const spread = (by: number) => (next() * 2 - 1) * by;
  let state = begun(0);
  let media_ms = 0;
  let sound_ms = 0;
  let rate = 1;
  let frozen_until_ms = player.lag_ms + spread(player.lag_spread_ms);
  let shown = -1;
  const run: Run = { told: [], seeks: [], rates: [], state };
  const step_ms = 1000 / 240;
  for (let at_ms = 0; at_ms < length_ms; at_ms += step_ms) {
    for (const jump of player.jumps) {
      if (jump.at_ms <= at_ms && jump.at_ms > at_ms - step_ms) {
        // The editor sought: the follower seeks after the sound, by the lag it knows.
        sound_ms += jump.by_ms;
        frozen_until_ms = at_ms + player.lag_ms + spread(player.lag_spread_ms);
        media_ms = sound_ms + state.lag_ms;
        rate = 1;
        shown = -1;
        state = disturbed(state, at_ms, 'seek');
      }
    }
    sound_ms += step_ms;
    const stalled = player.stalls.some((stall) => at_ms >= stall.at_ms && at_ms < stall.at_ms + stall.for_ms);
    if (at_ms < frozen_until_ms || stalled) continue;
    media_ms += step_ms * rate * (1 + player.drift_ppm * 1e-6);
    const frame = Math.floor((media_ms * player.fps) / 1000);
    const refresh = Math.floor(at_ms / (1000 / 60)) !== Math.floor((at_ms - step_ms) / (1000 / 60));
    if (!refresh || frame === shown) continue;
    shown = frame;
    const offset_ms = (frame * 1000) / player.fps - sound_ms;
    run.told.push({ at_ms, offset_ms });
    const [correction, after] = correct({ at_ms, offset_ms: offset_ms + spread(player.jitter_ms), rate: 1 }, state);
    state = after;
    if (correction === null) continue;
    if ('seek' in correction) {
      run.seeks.push(at_ms);
      media_ms = sound_ms + state.lag_ms;
      frozen_until_ms = at_ms + player.lag_ms + spread(player.lag_spread_ms);
      rate = 1;
    } else {
      run.rates.push(at_ms);
      rate = player.rate_quantum > 0 ? Math.round(correction.playbackRate / player.rate_quantum) * player.rate_quantum : correction.playbackRate;
      frozen_until_ms = Math.max(frozen_until_ms, at_ms + player.rate_stop_ms * (1 + spread(0.3)));
    }
  }
  run.state = state;
  return run;
}

function within95(told: Told[], from_ms: number, to_ms = Infinity): number {
  const offsets = told.filter(({ at_ms }) => at_ms >= from_ms && at_ms < to_ms).map(({ offset_ms }) => Math.abs(offset_ms));
  offsets.sort((a, b) => a - b);
  return offsets[Math.floor(offsets.length * 0.95)] ?? Infinity;
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

describe('the picture follows the sound', () => {
  it.each([23.976, 24, 25, 29.97, 30, 50, 59.94])('within 20 ms at %f frames a second', (fps) => {
    for (const seed of SEEDS) expect(within95(play({ ...STEADY, fps }, 20_000, seed).told, 1_000)).toBeLessThanOrEqual(20);
  });

  it('with measurements that jitter by half a screen refresh', () => {
    for (const seed of SEEDS) expect(within95(play({ ...STEADY, jitter_ms: 8 }, 20_000, seed).told, 1_000)).toBeLessThanOrEqual(20);
  });

  it('with a player that rounds its rates to a hundredth', () => {
    for (const seed of SEEDS) expect(within95(play({ ...STEADY, rate_quantum: 0.01 }, 20_000, seed).told, 1_000)).toBeLessThanOrEqual(20);
  });

  it('against a clock that is off by far more than clocks are', () => {
    for (const seed of SEEDS) expect(within95(play({ ...STEADY, drift_ppm: 3_000 }, 30_000, seed).told, 1_000)).toBeLessThanOrEqual(20);
  });

  it('and settles within half a second after each jump once it knows the lag', () => {
    const jumps = [4_000, 8_000, 12_000, 16_000].map((at_ms) => ({ at_ms, by_ms: 9_000 }));
    for (const seed of SEEDS) {
      const { told } = play({ ...STEADY, lag_ms: 140, jumps }, 20_000, seed);
      for (const { at_ms } of jumps.slice(1)) expect(within95(told, at_ms + 500, at_ms + 4_000)).toBeLessThanOrEqual(20);
    }
  });

  it('is home again soon after the decoder stalled', () => {
    for (const seed of SEEDS) {
      const { told, seeks } = play({ ...STEADY, stalls: [{ at_ms: 6_000, for_ms: 700 }] }, 12_000, seed);
      expect(within95(told, 7_600)).toBeLessThanOrEqual(20);
      expect(seeks.filter((at_ms) => at_ms > 6_000).length).toBeGreaterThanOrEqual(1);
    }
  });

  it('leaves a picture that is right alone', () => {
    const { rates, seeks } = play({ ...STEADY, drift_ppm: 0 }, 60_000);
    expect(seeks.filter((at_ms) => at_ms > 1_000)).toEqual([]);
    expect(rates.filter((at_ms) => at_ms > 3_000).length).toBeLessThan(6);
  });

  it('learns the lag of a seek', () => {
    const jumps = [3, 6, 9, 12, 15].map((at_s) => ({ at_ms: at_s * 1000, by_ms: 5_000 }));
    const { state } = play({ ...STEADY, lag_ms: 220, lag_spread_ms: 5, jumps }, 18_000);
    expect(Math.abs(state.lag_ms - 220)).toBeLessThan(20);
  });

  it('notices a small offset among uneven frames where only seeks help, and seeks ever less often where they do not', () => {
    /** Moments of the seeks in `length_ms` of a picture that arrives `off_ms` beside the sound, give or take `jitter_ms`. */
    const seeks = (off_ms: number, jitter_ms: number, length_ms: number, helps: boolean): number[] => {
      const next = random(7);
      let state = { ...begun(0, 30, JOLTED), lag_known: true };
      const at: number[] = [];
      for (let at_ms = 0; at_ms < length_ms; at_ms += 33) {
        const near_ms = helps && at.length > 0 ? 0 : off_ms;
        const [correction, after] = correct({ at_ms, offset_ms: near_ms + (next() * 2 - 1) * jitter_ms, rate: 1 }, state);
        state = after;
        if (correction !== null) at.push(at_ms);
      }
      return at;
    };
    expect(seeks(-15, 12, 30_000, true)).toHaveLength(1);
    expect(seeks(-15, 12, 30_000, true)[0]).toBeLessThan(2500);
    expect(seeks(-5, 12, 60_000, false), 'as good as it gets').toEqual([]);
    const vain = seeks(-11, 8, 120_000, false);
    expect(vain.length).toBeLessThan(8);
    expect(vain.slice(1).map((at_ms, index) => at_ms - vain[index]!).every((gap_ms, index, gaps) => index === 0 || gap_ms >= gaps[index - 1]! - 1600)).toBe(true);
  });

  it('stops nudging a player whose rate changes jolt, and still comes within 25 ms', () => {
    for (const seed of SEEDS) {
      const { told, rates, state } = play({ ...STEADY, rate_stop_ms: 120, lag_spread_ms: 8, drift_ppm: 800 }, 40_000, seed);
      expect(jolting(state)).toBe(true);
      expect(rates.length).toBeLessThanOrEqual(6);
      expect(within95(told, 10_000)).toBeLessThanOrEqual(25);
    }
  });

  it('keeps near where frames come late and irregularly, and does not blame the rate for it', () => {
    for (const seed of SEEDS) {
      const { told, state } = play({ ...STEADY, fps: 8, jitter_ms: 25 }, 40_000, seed);
      expect(jolting(state)).toBe(false);
      expect(within95(told, 5_000)).toBeLessThanOrEqual(35);
    }
  });

  it('does not seek all the time where seeks do not help', () => {
    const { seeks } = play({ ...STEADY, lag_ms: 150, lag_spread_ms: 140 }, 60_000);
    expect(seeks.length).toBeLessThan(30);
  });
});

describe('a nudge', () => {
  it('is nothing in the dead band, and at most six hundredths', () => {
    expect(nudgeFor(7.9, 0, TUNING)).toBe(0);
    expect(nudgeFor(-79, 0, TUNING)).toBe(0.06);
    expect(nudgeFor(79, 0, TUNING)).toBe(-0.06);
  });

  it('once begun goes on into the middle of the dead band', () => {
    expect(nudgeFor(-6, 0.02, TUNING)).toBeGreaterThan(0);
    expect(nudgeFor(-2.9, 0.02, TUNING)).toBe(0);
  });
});
