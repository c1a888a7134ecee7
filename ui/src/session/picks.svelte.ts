// The picks of the open clip. Every change is the engine's; what it answers is what is shown.
import type { Platform } from '../platform/platform';
import type { Pick, Undone } from '../platform/types';
import type { Notices } from './notices.svelte';

export class Picks {
  list = $state.raw<Pick[]>([]);
  /** The clip whose picks these are. */
  clip: string | null = null;
  readonly saved = $derived(this.list.map((pick) => pick.track_id));
  #platform: Platform;
  #notices: Notices;

  constructor(platform: Platform, notices: Notices) {
    this.#platform = platform;
    this.#notices = notices;
  }

  async toggle(track_id: string, title: string, start_s: number): Promise<void> {
    const saved = this.saved.includes(track_id);
    const done = await this.#change(saved ? this.#platform.unsave(track_id) : this.#platform.save(track_id, start_s));
    if (done) this.#notices.word(saved ? `Removed ‘${title}’ from the picks` : `Saved ‘${title}’`, this.#undoAction());
  }

  async remove(pick: Pick): Promise<void> {
    if (await this.#change(this.#platform.unsave(pick.track_id))) this.#notices.word(`Removed ‘${pick.title}’ from the picks`, this.#undoAction());
  }

  note(pick: Pick, note: string): Promise<boolean> {
    return note === pick.note ? Promise.resolve(true) : this.#change(this.#platform.note(pick.track_id, note));
  }

  move(pick: Pick, to: number): Promise<boolean> {
    const place = Math.max(0, Math.min(this.list.length - 1, to));
    return this.list[place] === pick ? Promise.resolve(true) : this.#change(this.#platform.move(pick.track_id, place));
  }

  undo(): Promise<void> {
    return this.#back(this.#platform.undo(), 'Undone', 'There is nothing to undo');
  }

  redo(): Promise<void> {
    return this.#back(this.#platform.redo(), 'Done again', 'There is nothing to do again');
  }

  #undoAction() {
    return { label: 'Undo', run: () => void this.undo() };
  }

  async #change(change: Promise<Pick[]>): Promise<boolean> {
    try {
      this.list = await change;
      return true;
    } catch (error) {
      this.#notices.fault(error);
      return false;
    }
  }

  async #back(change: Promise<Undone | null>, done: string, nothing: string): Promise<void> {
    try {
      const undone = await change;
      if (undone?.picks && undone.clip === this.clip) this.list = undone.picks;
      this.#notices.word(undone ? `${done}: ${undone.what}` : nothing);
    } catch (error) {
      this.#notices.fault(error);
    }
  }
}
