import { describe, expect, it } from 'vitest';
import { believed, bestOf, offsetOf, ping } from './offset';

describe('the offset of the engine’s clock', () => {
  it('is taken from the middle of the round trip', () => {
    expect(offsetOf({ sent_ms: 100, engine_ms: 5_002, received_ms: 104 })).toEqual({ offset_ms: 4_900, doubt_ms: 2 });
  });

  it('comes from the ping with the least round trip', () => {
    const slow = { sent_ms: 0, engine_ms: 1_039, received_ms: 40 };
    const quick = { sent_ms: 100, engine_ms: 1_101, received_ms: 102 };
    expect(bestOf([slow, quick, slow])).toEqual({ offset_ms: 1_000, doubt_ms: 1 });
    expect(bestOf([])).toBeNull();
  });

  it('stays where a newer and blunter answer agrees with it', () => {
    const older = { offset_ms: 1_000, doubt_ms: 1 };
    expect(believed(older, { offset_ms: 1_004, doubt_ms: 6 }, 0)?.offset_ms).toBe(1_000);
  });

  it('moves where a newer answer is sharper', () => {
    expect(believed({ offset_ms: 1_000, doubt_ms: 8 }, { offset_ms: 1_004, doubt_ms: 1 }, 0)?.offset_ms).toBe(1_004);
  });

  it('moves where the clocks cannot both be right, as after the machine slept', () => {
    expect(believed({ offset_ms: 1_000, doubt_ms: 1 }, { offset_ms: 1_900, doubt_ms: 3 }, 10_000)?.offset_ms).toBe(1_900);
  });

  it('lets an old answer grow worse by what two clocks can drift', () => {
    const old = believed({ offset_ms: 1_000, doubt_ms: 1 }, { offset_ms: 1_000, doubt_ms: 50 }, 60_000);
    expect(old?.doubt_ms).toBeCloseTo(7, 6);
  });

  it('keeps what came back when a ping fails', async () => {
    let at_ms = 0;
    let asked = 0;
    const now = () => (++asked === 2 ? Promise.reject(new Error('gone')) : Promise.resolve(500 + at_ms));
    const pings = await ping(now, () => (at_ms += 1), 3);
    expect(pings).toHaveLength(2);
    expect(bestOf(pings)).toEqual({ offset_ms: 499.5, doubt_ms: 0.5 });
  });
});
