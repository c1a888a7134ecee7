// Measurements and actions of the follower, for the foot of the window and for benches.

export type Seen = { at_ms: number; offset_ms: number };

const KEPT = 1024;

export class Telemetry {
  #ring: Seen[] = [];
  #next = 0;
  seeks = 0;
  rate_changes = 0;
  dropped_frames = 0;
  lag_ms = 0;
  jolting = false;

  saw(at_ms: number, offset_ms: number): void {
    this.#ring[this.#next] = { at_ms, offset_ms };
    this.#next = (this.#next + 1) % KEPT;
  }

  /** The last measurements, oldest first. */
  last(count = KEPT): Seen[] {
    const ordered = this.#ring.length < KEPT ? this.#ring : [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
    return ordered.slice(-count);
  }

  /** Largest absolute offset of the best `share` of the measurements since `since_ms`. */
  within_ms(share: number, since_ms = -Infinity): number | null {
    const offsets = this.last().filter((seen) => seen.at_ms >= since_ms).map((seen) => Math.abs(seen.offset_ms));
    offsets.sort((a, b) => a - b);
    return offsets[Math.min(offsets.length - 1, Math.floor(share * offsets.length))] ?? null;
  }

  /** Median offset of the last second; null without measurements. */
  recent_ms(now_ms: number): number | null {
    const offsets = this.last(60).filter((seen) => now_ms - seen.at_ms < 1000).map((seen) => seen.offset_ms);
    offsets.sort((a, b) => a - b);
    return offsets[offsets.length >> 1] ?? null;
  }

  clear(): void {
    this.#ring = [];
    this.#next = 0;
    this.seeks = 0;
    this.rate_changes = 0;
    this.dropped_frames = 0;
  }
}
