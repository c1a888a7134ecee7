import { beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from '../platform/platform';
import type { Clip, Clock, Fault, EngineEvent, TrackTimeline } from '../platform/types';
import { Audition } from './audition.svelte';

const AHEAD_MS = 50_000;
const still: Clock = {
  clip: 'c1', position_s: 12, at_ms: AHEAD_MS, playing: false, rate: 1, range_s: [10, 70], looping: true, track_id: null, start_s: 0,
  output: null, underruns: 0,
};
const clip = { clip: 'c1', duration_s: 100, fps_num: 24_000, fps_den: 1_001, range_s: [10, 70] } as unknown as Clip;
const sheet = (track_id: string): TrackTimeline => ({
  track_id, duration_s: 200, bpm: 120, beats_s: [0.2, 0.7, 1.2, 1.7, 2.2], downbeats: [0, 4], per_bar: 4,
  peaks: { rate_hz: 1, values: [] }, loudness_lufs: null, ending: null, ending_s: null,
});

let window_ms = 0;
let calls: [string, ...unknown[]][] = [];
let emit: (event: EngineEvent) => void = () => undefined;
let hold: (() => void)[] | null = null;
let clock = still;
let faults: Fault[] = [];

/** Keeps a clock as the engine does. With `hold` set, calls wait until the test releases them. */
function engine(): Platform {
  const call = (name: string, part: (args: never[]) => Partial<Clock>) => async (...args: never[]) => {
    calls.push([name, ...args]);
    if (hold) await new Promise<void>((release) => hold?.push(release));
    clock = { ...clock, ...part(args), at_ms: window_ms + AHEAD_MS };
    emit({ kind: 'clock', clock });
  };
  const platform = {
    listen: (listener: (event: EngineEvent) => void) => ((emit = listener), () => (emit = () => undefined)),
    now: () => Promise.resolve(window_ms + AHEAD_MS),
    clock: () => Promise.resolve(clock),
    track: (id: string) => Promise.resolve(sheet(id)),
    play: call('play', () => ({ playing: true })),
    pause: call('pause', () => ({ playing: false })),
    seek: call('seek', ([position_s]) => ({ position_s: position_s! })),
    rate: call('rate', ([rate]) => ({ rate: rate! })),
    range: call('range', ([, range_s, looping]) => ({ range_s: range_s!, looping: looping! })),
    select: call('select', ([track_id, start_s]) => ({ track_id: track_id!, start_s: start_s! })),
    slip: call('slip', ([, start_s]) => ({ start_s: start_s! })),
    levels: call('levels', () => ({})),
  };
  return platform as unknown as Platform;
}

let audition: Audition;

beforeEach(() => {
  window_ms = 1_000;
  calls = [];
  hold = null;
  faults = [];
  openClip('c1');
  clock = { ...still, at_ms: window_ms + AHEAD_MS };
  audition = new Audition(engine(), { clip, stored_levels: null, onError: (error) => void faults.push(error as Fault) }, () => window_ms);
  audition.listen();
  emit({ kind: 'clock', clock });
});

const openClip = (id: string, range_s: [number, number] = [10, 70]) => Object.assign(clip, { clip: id, range_s });
const settled = () => new Promise<void>((done) => setTimeout(done));

describe('an audition', () => {
  it('counts on between two clock events', async () => {
    await settled();
    await audition.play();
    expect(audition.positionAt(window_ms + 700)).toBeCloseTo(12.7, 9);
  });

  it('ignores a clock event that is older than the last one', () => {
    const older = { ...clock, position_s: 3, at_ms: clock.at_ms - 40 };
    emit({ kind: 'clock', clock: older });
    expect(audition.positionAt(window_ms)).toBe(12);
  });

  it('shows the seek target at once, and sends two seeks for a drag of four', async () => {
    hold = [];
    const done = [20, 21, 22, 23].map((to_s) => audition.seek(to_s));
    expect(audition.positionAt(window_ms)).toBe(23);
    while (hold.length > 0 || calls.length < 2) {
      hold.shift()?.();
      await settled();
    }
    await Promise.all(done);
    expect(calls).toEqual([['seek', 20], ['seek', 23]]);
    expect(audition.seek_target_s).toBeNull();
    expect(audition.position_s).toBe(23);
  });

  it('steps by frames of 23.976 fps and pauses', async () => {
    await audition.play();
    await audition.step(1);
    const frame = Math.floor((12 * 24_000) / 1_001) + 1;
    expect(calls.at(-1)).toEqual(['seek', (frame * 1_001) / 24_000]);
    expect(audition.playing).toBe(false);
  });

  it('doubles the shuttle speed up to 8, reverses at once, and plays at normal speed again', async () => {
    for (const direction of [1, 1, 1, 1, 1, -1, -1] as const) await audition.shuttle(direction);
    expect(calls.filter(([name]) => name === 'rate').map(([, rate]) => rate)).toEqual([1, 2, 4, 8, 8, -1, -2]);
    await audition.play();
    expect(audition.rate).toBe(1);
    await audition.shuttle(0);
    expect(audition.playing).toBe(false);
  });

  it('hops without moving the playhead, and keeps the start that the editor gave a track', async () => {
    await audition.hop({ track_id: 'a', start_s: 5 });
    await settled();
    await audition.slip(6.25);
    await audition.hop({ track_id: 'b', start_s: 9 });
    await audition.hop({ track_id: 'a', start_s: 5 });
    expect(calls).toEqual([['select', 'a', 5], ['slip', 'a', 6.25], ['select', 'b', 9], ['select', 'a', 6.25]]);
    expect(audition.position_s).toBe(12);
    expect(audition.hasOwnStart('a')).toBe(true);
    expect(audition.hasOwnStart('b')).toBe(false);
  });

  it('nudges by beats of the track', async () => {
    await audition.hop({ track_id: 'a', start_s: 0.7 });
    await settled();
    await audition.nudge(-2);
    expect(audition.start_s, 'two beats earlier').toBeCloseTo(1.7, 9);
  });

  it('keeps the music in place against the picture when the in-point moves', async () => {
    await audition.hop({ track_id: 'a', start_s: 5 });
    await audition.setIn();
    const in_s = audition.range_s[0];
    expect(in_s).toBeCloseTo(12, 1);
    expect(audition.start_s - in_s).toBeCloseTo(5 - 10, 9);
  });

  it('sets the out-point after the shown frame', async () => {
    await audition.setOut();
    const frame = Math.floor((12 * 24_000) / 1_001);
    expect(audition.range_s[1]).toBeCloseTo(((frame + 1) * 1_001) / 24_000, 9);
  });

  it('pauses while scrubbing and plays afterwards', async () => {
    await audition.play();
    await audition.scrub(true);
    expect(audition.playing).toBe(false);
    await audition.scrub(false);
    expect(audition.playing).toBe(true);
  });

  it('forgets the editor’s starts when another clip opens', async () => {
    await audition.hop({ track_id: 'a', start_s: 5 });
    await audition.slip(7);
    openClip('c2');
    emit({ kind: 'clock', clock: { ...clock, clip: 'c2' } });
    expect(audition.hasOwnStart('a')).toBe(false);
  });

  it('ignores a late clock of the clip that was open before', () => {
    openClip('c2', [0, 40]);
    emit({ kind: 'clock', clock: { ...clock, range_s: [20, 30], playing: true, at_ms: clock.at_ms + 1 } });
    expect(audition.range_s).toEqual([0, 40]);
    expect(audition.playing).toBe(false);
  });

  it('keeps a clock that arrives before the clip’s opening is answered', () => {
    emit({ kind: 'clock', clock: { ...clock, clip: 'c2', position_s: 3, range_s: [3, 8], at_ms: clock.at_ms + 1 } });
    expect(audition.range_s, 'c1 is open').toEqual([10, 70]);
    openClip('c2', [3, 9]);
    expect(audition.range_s).toEqual([3, 8]);
    expect(audition.position_s).toBe(3);
  });

  it('reports the faults of the engine', async () => {
    audition.platform.play = () => Promise.reject({ code: 'no_device', message: 'a device was expected', hint: null } satisfies Fault);
    await audition.play();
    expect(faults.map(({ code }) => code)).toEqual(['no_device']);
  });
});
