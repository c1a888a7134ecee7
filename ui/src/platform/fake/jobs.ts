// Fake jobs: they wait, report progress, can be cancelled, and end once.
import type { EngineEvent, Fault, JobKind } from '../types';

type Step = { phase: string; done: number; total: number; left_s: number | null };
type Running = { kind: JobKind; timer: ReturnType<typeof setTimeout> };

export class FakeJobs {
  #emit: (event: EngineEvent) => void;
  #pace: number;
  #next = 1;
  #running = new Map<number, Running>();

  constructor(emit: (event: EngineEvent) => void, pace: number) {
    this.#emit = emit;
    this.#pace = pace;
  }

  /** Runs `steps` one after another, `step_ms` each; `end` runs unless it was cancelled before. */
  start(kind: JobKind, steps: Step[], step_ms: number, end: () => Fault | null | void, id = this.#next++): number {
    const run = (index: number): void => {
      const step = steps[index];
      if (!step) {
        this.#running.delete(id);
        const fault = end() ?? null;
        this.#emit({ kind: 'job_ended', job: id, job_kind: kind, fault, cancelled: false });
        return;
      }
      this.#emit({ kind: 'progress', progress: { job: id, kind, files_per_minute: null, ...step } });
      this.#running.set(id, { kind, timer: setTimeout(() => run(index + 1), step_ms * this.#pace) });
    };
    this.#running.set(id, { kind, timer: setTimeout(() => run(0), 0) });
    return id;
  }

  cancel(id: number): void {
    const running = this.#running.get(id);
    if (!running) return;
    clearTimeout(running.timer);
    this.#running.delete(id);
    this.#emit({ kind: 'job_ended', job: id, job_kind: running.kind, fault: null, cancelled: true });
  }

  cancelKind(kind: JobKind): void {
    for (const [id, running] of this.#running) if (running.kind === kind) this.cancel(id);
  }
}

export function steps(phase: string, total: number, count: number, whole_s: number): Step[] {
  return Array.from({ length: count }, (_, index) => ({
    phase,
    done: Math.round((index / count) * total),
    total,
    left_s: whole_s * (1 - index / count),
  }));
}
