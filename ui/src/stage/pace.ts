// How often something that moves is shown anew, where that is dear: without a graphics card each change of the page is
// put together by the processor, which the picture needs more. Decides only.

/** Of the time at most one part in so many goes into showing a change. */
const SHARE = 4;
/** A refresh of the screen at 50 Hz takes this long whatever is shown. */
const FREE_MS = 24;

export class Pace {
  #shown_ms = -Infinity;
  #cost_ms = 0;
  #waits = false;

  /** At each refresh of the screen: whether the change may be shown now. */
  may(now_ms: number): boolean {
    if (this.#waits) {
      this.#waits = false;
      // From one refresh to the next; a pause of the whole window is no measure.
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
