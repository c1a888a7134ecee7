// Picks in memory with undo and redo.
import type { Pick, UndoneStep } from '../types';

type Step = { what: string; before: Pick[]; after: Pick[] };

export class FakePicks {
  #picks: Pick[];
  #done: Step[] = [];
  #undone: Step[] = [];
  #clip: string;

  constructor(clip: string, picks: Pick[] = []) {
    this.#clip = clip;
    this.#picks = picks;
  }

  all(): Pick[] {
    return structuredClone(this.#picks);
  }

  change(what: string, change: (picks: Pick[]) => Pick[]): Pick[] {
    const after = change(structuredClone(this.#picks));
    this.#done.push({ what, before: this.#picks, after });
    this.#undone = [];
    this.#picks = after;
    return this.all();
  }

  undo(): UndoneStep | null {
    const step = this.#done.pop();
    if (!step) return null;
    this.#undone.push(step);
    this.#picks = step.before;
    return { what: step.what, clip: this.#clip, picks: this.all() };
  }

  redo(): UndoneStep | null {
    const step = this.#undone.pop();
    if (!step) return null;
    this.#done.push(step);
    this.#picks = step.after;
    return { what: step.what, clip: this.#clip, picks: this.all() };
  }
}
