// A running clock with its own milliseconds; its position moves while it plays.
import type { Clock } from '../types';

/** Offset from the window's clock, so that a mix-up of the two clocks shows. */
const AHEAD_MS = 98_765.4;

export class FakeClock {
  #told: Clock;
  #tell: (clock: Clock) => void;
  #ended: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(output: Clock['output'], tell: (clock: Clock) => void, ended: () => void) {
    this.#tell = tell;
    this.#ended = ended;
    this.#told = {
      clip: null, position_s: 0, at_ms: this.now(), playing: false, rate: 1, range_s: [0, 0], looping: true,
      track_id: null, start_s: 0, output, underruns: 0,
    };
  }

  now(): number {
    return performance.now() + AHEAD_MS;
  }

  /** The clock now. */
  read(): Clock {
    const at_ms = this.now();
    const { playing, rate, position_s, range_s, looping } = this.#told;
    if (!playing) return { ...this.#told, at_ms };
    let now_s = position_s + ((at_ms - this.#told.at_ms) / 1000) * rate;
    const [in_s, out_s] = range_s;
    const length_s = out_s - in_s;
    if (looping && length_s > 0 && now_s >= out_s) now_s = in_s + ((now_s - in_s) % length_s);
    if (now_s < 0) now_s = 0;
    return { ...this.#told, at_ms, position_s: now_s };
  }

  change(part: Partial<Clock>): void {
    this.#told = { ...this.read(), ...part };
    clearInterval(this.#timer);
    if (this.#told.playing) this.#timer = setInterval(() => this.#tick(), 250);
    this.#tell({ ...this.#told });
  }

  #tick(): void {
    const read = this.read();
    if (!read.looping && read.position_s >= read.range_s[1]) {
      this.change({ playing: false, position_s: read.range_s[1] });
      this.#ended();
      return;
    }
    this.#told = read;
    this.#tell(read);
  }
}
