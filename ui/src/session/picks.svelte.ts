// The picks of the open clip. Every change is made by the engine, and the list shows its answer.
import type { Platform } from '../platform/platform';
import type { Pick, UndoneStep } from '../platform/types';
import type { Notices } from './notices.svelte';

export class Picks {
  list = $state.raw<Pick[]>([]);
  readonly track_ids = $derived(this.list.map((pick) => pick.track_id));
  /** The id of the clip that the picks belong to. */
  #clip: string | null = null;
  readonly #platform: Platform;
  readonly #notices: Notices;

  constructor(platform: Platform, notices: Notices) {
    this.#platform = platform;
    this.#notices = notices;
  }

  setClip(clip: string | null, picks: Pick[]): void {
    this.#clip = clip;
    this.list = picks;
  }

  async toggle(track_id: string, title: string, start_s: number): Promise<void> {
    const saved = this.track_ids.includes(track_id);
    const done = await this.#change((clip) => (saved ? this.#platform.unsave(clip, track_id) : this.#platform.save(clip, track_id, start_s)));
    if (done) this.#notices.message(saved ? `Removed ‘${title}’ from the picks` : `Saved ‘${title}’`, this.#undoAction());
  }

  async remove(pick: Pick): Promise<void> {
    if (await this.#change((clip) => this.#platform.unsave(clip, pick.track_id))) this.#notices.message(`Removed ‘${pick.title}’ from the picks`, this.#undoAction());
  }

  async note(pick: Pick, note: string): Promise<void> {
    if (note !== pick.note) await this.#change((clip) => this.#platform.note(clip, pick.track_id, note));
  }

  async move(pick: Pick, to: number): Promise<void> {
    const place = Math.max(0, Math.min(this.list.length - 1, to));
    if (this.list[place] !== pick) await this.#change((clip) => this.#platform.move(clip, pick.track_id, place));
  }

  undo(): Promise<void> {
    return this.#stepHistory(this.#platform.undo(), 'Undone', 'There is nothing to undo');
  }

  redo(): Promise<void> {
    return this.#stepHistory(this.#platform.redo(), 'Redone', 'There is nothing to redo');
  }

  #undoAction() {
    return { label: 'Undo', run: () => void this.undo() };
  }

  async #change(change: (clip: string) => Promise<Pick[]>): Promise<boolean> {
    const clip = this.#clip;
    if (clip === null) return false;
    const picks = await this.#notices.orFault(change(clip));
    // Another clip may have been opened since.
    if (picks && clip === this.#clip) this.list = picks;
    return picks !== null;
  }

  async #stepHistory(step: Promise<UndoneStep | null>, done: string, nothing: string): Promise<void> {
    try {
      const undone = await step;
      if (undone?.picks && undone.clip === this.#clip) this.list = undone.picks;
      this.#notices.message(undone ? `${done}: ${undone.what}` : nothing);
    } catch (error) {
      this.#notices.fault(error);
    }
  }
}
