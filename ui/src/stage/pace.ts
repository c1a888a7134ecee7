// How often a moving element is redrawn. Without a graphics card the processor composes each change of the page,
// and the picture needs that time more. Pure.

/** At most one part in this many of the time is spent on showing changes. */
const SHARE = 4;
/** Period of a 50 Hz screen: a refresh takes this long whatever is shown, ms. */
const FREE_MS = 24;

export class Pace {
  #shown_ms = -Infinity;
  #cost_ms = 0;
  #waits = false;

  /** Called at each refresh of the screen; true if the change may be shown now. */
  may(now_ms: number): boolean {
    if (this.#waits) {
      this.#waits = false;
      // Measured from one refresh to the next; a pause of the whole window does not count.
      const took_ms = Math.min(200, now_ms - this.#shown_ms);
      this.#cost_ms = this.#cost_ms === 0 ? took_ms : 0.7 * this.#cost_ms + 0.3 * took_ms;
    }
    const apart_ms = this.#cost_ms > FREE_MS ? SHARE * this.#cost_ms : 0;
    if (now_ms - this.#shown_ms < apart_ms) return false;
    this.#shown_ms = now_ms;
    this.#waits = true;
    return true;
  }
}
