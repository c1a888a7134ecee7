// The offset between the engine's monotonic clock and the window's. A ping asks the engine for its time over IPC. The
// answer was read at some moment between sending and receiving, so it can be wrong by half of the round trip.

export type Ping = { sent_ms: number; engine_ms: number; received_ms: number };

/** `engine = performance.now() + offset_ms`, within ± `error_ms`. */
export type ClockOffset = { offset_ms: number; error_ms: number };

/** Two clocks of one machine drift apart by 100 ppm at most. The error of an older offset grows by that. */
const DRIFT_MS_PER_MS = 1e-4;

export function offsetOf(ping: Ping): ClockOffset {
  const error_ms = Math.max(0, (ping.received_ms - ping.sent_ms) / 2);
  return { offset_ms: ping.engine_ms - (ping.sent_ms + error_ms), error_ms };
}

/** The offset of the ping with the shortest round trip; null without pings. */
export function bestOf(pings: readonly Ping[]): ClockOffset | null {
  let best: ClockOffset | null = null;
  for (const ping of pings) {
    const offset = offsetOf(ping);
    if (best === null || offset.error_ms < best.error_ms) best = offset;
  }
  return best;
}

/**
 * The offset to use after a new round of pings. The older one is kept while the newer one agrees with it and is not more
 * exact, because each change of the offset moves the picture.
 */
export function betterOffset(older: ClockOffset | null, newer: ClockOffset | null, between_ms: number): ClockOffset | null {
  if (older === null || newer === null) return newer ?? older;
  const error_ms = older.error_ms + between_ms * DRIFT_MS_PER_MS;
  const apart_ms = Math.abs(older.offset_ms - newer.offset_ms);
  if (newer.error_ms < error_ms || apart_ms > newer.error_ms + error_ms) return newer;
  return { offset_ms: older.offset_ms, error_ms };
}

/** Pings `count` times, one after another, and leaves out the pings that fail. */
export async function ping(now: () => Promise<number>, window_ms: () => number, count: number): Promise<Ping[]> {
  const pings: Ping[] = [];
  for (let i = 0; i < count; i++) {
    const sent_ms = window_ms();
    try {
      const engine_ms = await now();
      pings.push({ sent_ms, engine_ms, received_ms: window_ms() });
    } catch {
      // The engine may be shutting down; the caller keeps its earlier offset.
    }
  }
  return pings;
}
