// How far the engine's monotonic clock is ahead of the window's. A ping is asked and answered over IPC; the engine's
// answer was true at some moment between asking and hearing, so half of the round trip is how wrong it can be.

export type Ping = { sent_ms: number; engine_ms: number; received_ms: number };

/** `engine = performance.now() + offset_ms`, within ± `doubt_ms`. */
export type ClockOffset = { offset_ms: number; doubt_ms: number };

/** Two clocks of one machine drift apart by no more than this (100 ppm), so an older answer grows this much worse. */
const DRIFT_MS_PER_MS = 1e-4;

export function offsetOf(ping: Ping): ClockOffset {
  const doubt_ms = Math.max(0, (ping.received_ms - ping.sent_ms) / 2);
  return { offset_ms: ping.engine_ms - (ping.sent_ms + doubt_ms), doubt_ms };
}

/** The answer of the ping with the least round trip; nothing where no ping came back. */
export function bestOf(pings: readonly Ping[]): ClockOffset | null {
  let best: ClockOffset | null = null;
  for (const ping of pings) {
    const told = offsetOf(ping);
    if (best === null || told.doubt_ms < best.doubt_ms) best = told;
  }
  return best;
}

/**
 * What to believe after a newer round of pings. The older answer stays while the newer one does not contradict it
 * and is no sharper: moving it for nothing would shake the picture.
 */
export function believed(older: ClockOffset | null, newer: ClockOffset | null, between_ms: number): ClockOffset | null {
  if (older === null || newer === null) return newer ?? older;
  const doubt_ms = older.doubt_ms + between_ms * DRIFT_MS_PER_MS;
  const apart_ms = Math.abs(older.offset_ms - newer.offset_ms);
  if (newer.doubt_ms < doubt_ms || apart_ms > newer.doubt_ms + doubt_ms) return newer;
  return { offset_ms: older.offset_ms, doubt_ms };
}

/** Asks `count` times, one after another; those that fail are left out. */
export async function ping(now: () => Promise<number>, window_ms: () => number, count: number): Promise<Ping[]> {
  const pings: Ping[] = [];
  for (let i = 0; i < count; i++) {
    const sent_ms = window_ms();
    try {
      const engine_ms = await now();
      pings.push({ sent_ms, engine_ms, received_ms: window_ms() });
    } catch {
      // The engine may be going down; the caller keeps what it believed.
    }
  }
  return pings;
}
