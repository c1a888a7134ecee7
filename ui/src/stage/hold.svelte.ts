// The drag under way in the timeline, and its effect on release.
import type { Audition } from '../audition/audition.svelte';
import type { Range } from '../audition/range';
import { at_s } from './axis';
import { DRAG_PX, slipped_s, stretched, type Grip } from './drags';
import type { View } from './view.svelte';

type Held = { grip: Grip; from_px: number; start_s: number; range_s: Range; dragged: boolean };

export class Hold {
  /** The new start while the music is dragged, seconds of the track. */
  start_s = $state<number | null>(null);
  /** The new range while an end is dragged. */
  range_s = $state.raw<Range | null>(null);
  grip = $state<Grip | null>(null);
  #held: Held | null = null;
  readonly #audition: Audition;
  readonly #view: View;
  readonly #cuts_s: () => number[];

  constructor(audition: Audition, view: View, cuts_s: () => number[]) {
    this.#audition = audition;
    this.#view = view;
    this.#cuts_s = cuts_s;
  }

  take(grip: Grip, x: number): void {
    const { start_s, range_s } = this.#audition;
    this.#held = { grip, from_px: x, start_s, range_s: [...range_s], dragged: false };
    this.grip = grip;
    if (grip === 'playhead') void this.#audition.seek(at_s(this.#view.axis, x));
  }

  /** `free`: Alt is pressed and nothing snaps. */
  move(x: number, free: boolean): void {
    const held = this.#held;
    if (held === null) return;
    if (!held.dragged && Math.abs(x - held.from_px) < DRAG_PX) return;
    const began = !held.dragged;
    held.dragged = true;
    const { axis } = this.#view;
    const audition = this.#audition;
    if (held.grip === 'playhead') {
      if (began) void audition.scrub(true);
      void audition.seek(at_s(axis, x));
    } else if (held.grip === 'music') {
      this.start_s = slipped_s(audition.sheet ?? { beats_s: [], bpm: null }, held.start_s, x - held.from_px, axis, free);
    } else {
      this.range_s = stretched(held.grip, x, axis, held.range_s, audition.duration_s, this.#cuts_s(), audition.fps, free);
    }
  }

  release(x: number): void {
    const held = this.#held;
    const { start_s, range_s } = this;
    this.cancel();
    if (held === null) return;
    if (!held.dragged && held.grip === 'music') void this.#audition.seek(at_s(this.#view.axis, x));
    if (start_s !== null) void this.#audition.slip(start_s);
    if (range_s !== null) void this.#audition.setRange(range_s);
  }

  /** Cancels the drag. */
  cancel(): void {
    if (this.#held?.grip === 'playhead' && this.#held.dragged) void this.#audition.scrub(false);
    this.#held = null;
    this.grip = null;
    this.start_s = null;
    this.range_s = null;
  }
}
