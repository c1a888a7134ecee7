// Calls of which only the last matters, such as seeks while dragging: at most one is under way, and of those asked
// meanwhile only the newest is made.

export class Latest<T> {
  readonly #run: (value: T) => Promise<void>;
  #next: { value: T } | null = null;
  #running: Promise<void> | null = null;

  /** `run` handles its own failure; a rejection here would be nobody's. */
  constructor(run: (value: T) => Promise<void>) {
    this.#run = run;
  }

  /** Asks for `value`; resolves when nothing is under way or waiting any more. */
  ask(value: T): Promise<void> {
    this.#next = { value };
    this.#running ??= this.#drain();
    return this.#running;
  }

  get busy(): boolean {
    return this.#running !== null;
  }

  async #drain(): Promise<void> {
    try {
      for (let next = this.#next; next !== null; next = this.#next) {
        this.#next = null;
        await this.#run(next.value);
      }
    } finally {
      this.#running = null;
    }
  }
}
