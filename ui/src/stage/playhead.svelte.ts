// The shown position. While the sound plays it moves at each refresh of the screen, if drawing is fast enough;
// otherwise it moves on changes only.
import { untrack } from 'svelte';
import type { Audition } from '../audition/audition.svelte';
import { Pace } from './pace';

/** Larger moves than playing makes between two refreshes are shown at once, seconds. */
const JUMP_S = 0.5;

export class Playhead {
  position_s = $state(0);
  readonly #audition: Audition;
  readonly #pace = new Pace();
  #tick = 0;

  constructor(audition: Audition) {
    this.#audition = audition;
  }

  /** For use in an effect, which runs again whenever the audition moved. Returns a stop function. */
  follow(): () => void {
    void this.#audition.position_version;
    void this.#audition.seek_target_s;
    const position_s = this.#audition.position_s;
    const shown_s = untrack(() => this.position_s);
    if (!this.#audition.playing || Math.abs(position_s - shown_s) > JUMP_S) this.position_s = position_s;
    this.#next();
    return () => cancelAnimationFrame(this.#tick);
  }

  #next(): void {
    cancelAnimationFrame(this.#tick);
    if (!this.#audition.playing) return;
    this.#tick = requestAnimationFrame((now_ms) => {
      if (this.#pace.may(now_ms)) this.position_s = this.#audition.position_s;
      this.#next();
    });
  }
}
