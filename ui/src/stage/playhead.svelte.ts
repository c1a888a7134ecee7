// The position as it is shown: moves with every refresh of the screen while the sound plays, and else when something
// moved it.
import type { Audition } from '../audition/audition.svelte';

export class Playhead {
  position_s = $state(0);
  readonly #audition: Audition;
  #tick = 0;

  constructor(audition: Audition) {
    this.#audition = audition;
  }

  /** To be run by an effect: it runs again whenever the audition moved. Returns how to stop. */
  follow(): () => void {
    void this.#audition.moved;
    void this.#audition.pending_s;
    this.#look();
    return () => cancelAnimationFrame(this.#tick);
  }

  #look = (): void => {
    cancelAnimationFrame(this.#tick);
    this.position_s = this.#audition.position_s;
    if (this.#audition.playing) this.#tick = requestAnimationFrame(this.#look);
  };
}
