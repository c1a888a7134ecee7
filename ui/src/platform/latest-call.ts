// Calls that overtake each other, such as those of a dragged slider: one is in flight at a time, and of the requests
// that arrive meanwhile only the newest is sent. Answers arrive in the order of their requests.
export class LatestCall<Request, Answer = void> {
  readonly #run: (request: Request) => Promise<Answer>;
  readonly #onAnswer: (answer: Answer, request: Request) => void;
  readonly #onError: (error: unknown) => void;
  #next: { request: Request } | null = null;
  #busy = false;
  #drained: Promise<void> = Promise.resolve();
  #generation = 0;

  constructor(run: (request: Request) => Promise<Answer>, onAnswer: (answer: Answer, request: Request) => void, onError: (error: unknown) => void) {
    this.#run = run;
    this.#onAnswer = onAnswer;
    this.#onError = onError;
  }

  /** Resolves when nothing is in flight or waiting any more. */
  send(request: Request): Promise<void> {
    this.#next = { request };
    if (!this.#busy) this.#drained = this.#drain();
    return this.#drained;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Drops the waiting request, and ignores the answer of the one in flight. */
  drop(): void {
    this.#next = null;
    this.#generation += 1;
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    try {
      for (let next = this.#next; next !== null; next = this.#next) {
        this.#next = null;
        const generation = this.#generation;
        try {
          const answer = await this.#run(next.request);
          if (generation === this.#generation) this.#onAnswer(answer, next.request);
        } catch (error) {
          if (generation === this.#generation) this.#onError(error);
        }
      }
    } finally {
      this.#busy = false;
    }
  }
}
