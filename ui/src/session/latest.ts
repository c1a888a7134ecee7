// Asks that overtake each other, such as a slider that is dragged: at most one is in flight, and of those that came
// meanwhile only the newest is asked. Answers arrive in the order of their asks.
export class Latest<Ask, Answer> {
  #run: (ask: Ask) => Promise<Answer>;
  #take: (answer: Answer, ask: Ask) => void;
  #fail: (error: unknown) => void;
  #busy = false;
  #waiting: { ask: Ask } | null = null;
  #since = 0;

  constructor(run: (ask: Ask) => Promise<Answer>, take: (answer: Answer, ask: Ask) => void, fail: (error: unknown) => void) {
    this.#run = run;
    this.#take = take;
    this.#fail = fail;
  }

  ask(ask: Ask): void {
    if (this.#busy) this.#waiting = { ask };
    else void this.#go(ask);
  }

  /** Forgets what waits, and the answer that is under way. */
  drop(): void {
    this.#waiting = null;
    this.#since += 1;
  }

  async #go(ask: Ask): Promise<void> {
    this.#busy = true;
    const since = this.#since;
    try {
      const answer = await this.#run(ask);
      if (since === this.#since) this.#take(answer, ask);
    } catch (error) {
      if (since === this.#since) this.#fail(error);
    } finally {
      this.#busy = false;
      const next = this.#waiting;
      this.#waiting = null;
      if (next) void this.#go(next.ask);
    }
  }
}
