// The position as it is shown: moves with every refresh of the screen while the sound plays, where the screen can, and
// else when something moved it.
import { untrack } from 'svelte';
import type { Audition } from '../audition/audition.svelte';
import { Pace } from './pace';

/** Further than playing moves between two refreshes: shown at once. */
const JUMP_S = 0.5;

export class Playhead {
  position_s = $state(0);
  readonly #audition: Audition;
  readonly #pace = new Pace();
  #tick = 0;

  constructor(audition: Audition) {
    this.#audition = audition;
  }

  /** To be run by an effect: it runs again whenever the audition moved. Returns how to stop. */
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
