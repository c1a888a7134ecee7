import { describe, expect, it } from 'vitest';
import { betterOffset, bestOf, offsetOf, ping } from './clock-offset';

describe('the offset of the engine’s clock', () => {
  it('is taken from the middle of the round trip', () => {
    expect(offsetOf({ sent_ms: 100, engine_ms: 5_002, received_ms: 104 })).toEqual({ offset_ms: 4_900, error_ms: 2 });
  });

  it('is taken from the ping with the shortest round trip', () => {
    const slow = { sent_ms: 0, engine_ms: 1_039, received_ms: 40 };
    const quick = { sent_ms: 100, engine_ms: 1_101, received_ms: 102 };
    expect(bestOf([slow, quick, slow])).toEqual({ offset_ms: 1_000, error_ms: 1 });
    expect(bestOf([])).toBeNull();
  });

  it('is kept where a newer, less exact one agrees with it', () => {
    const older = { offset_ms: 1_000, error_ms: 1 };
    expect(betterOffset(older, { offset_ms: 1_004, error_ms: 6 }, 0)?.offset_ms).toBe(1_000);
  });

  it('is replaced by a more exact one', () => {
    expect(betterOffset({ offset_ms: 1_000, error_ms: 8 }, { offset_ms: 1_004, error_ms: 1 }, 0)?.offset_ms).toBe(1_004);
  });

  it('is replaced where both cannot be right, as after the machine slept', () => {
    expect(betterOffset({ offset_ms: 1_000, error_ms: 1 }, { offset_ms: 1_900, error_ms: 3 }, 10_000)?.offset_ms).toBe(1_900);
  });

  it('has an error that grows with its age', () => {
    const old = betterOffset({ offset_ms: 1_000, error_ms: 1 }, { offset_ms: 1_000, error_ms: 50 }, 60_000);
    expect(old?.error_ms).toBeCloseTo(7, 6);
  });

  it('is computed from the other pings where one fails', async () => {
    let at_ms = 0;
    let asked = 0;
    const now = () => (++asked === 2 ? Promise.reject(new Error('gone')) : Promise.resolve(500 + at_ms));
    const pings = await ping(now, () => (at_ms += 1), 3);
    expect(pings).toHaveLength(2);
    expect(bestOf(pings)).toEqual({ offset_ms: 499.5, error_ms: 0.5 });
  });
});
