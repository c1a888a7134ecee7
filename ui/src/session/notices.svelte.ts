// What the window has to say: faults with their next step, and short answers such as "saved". Words that only inform
// go by themselves; a fault stays until it is put away.
import type { Fault } from '../platform/types';

export type Action = { label: string; run: () => void };
export type Notice = { id: number; kind: 'fault' | 'word'; message: string; hint: string | null; code: string | null; action: Action | null };

const WORD_MS = 4200;
/** More than these would hide the list. */
const AT_MOST = 4;

export function asFault(error: unknown): Fault {
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
    const { code, message } = error;
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : null;
    return { code: String(code), message: String(message), hint };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, hint: 'Try it again; if it comes back, start Needledrop anew.' };
}

export class Notices {
  list = $state<Notice[]>([]);
  #next = 1;

  fault(error: unknown, action: Action | null = null): void {
    const { code, message, hint } = asFault(error);
    // The same trouble said twice is said once.
    this.list = this.list.filter((notice) => notice.message !== message);
    this.#add({ id: this.#next++, kind: 'fault', message, hint, code, action });
  }

  word(message: string, action: Action | null = null): void {
    const id = this.#next++;
    this.#add({ id, kind: 'word', message, hint: null, code: null, action });
    setTimeout(() => this.putAway(id), WORD_MS);
  }

  /** What was wrong is not wrong any more. */
  settled(code: string): void {
    this.list = this.list.filter((notice) => notice.code !== code);
  }

  putAway(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(notice: Notice): void {
    this.list = [...this.list, notice].slice(-AT_MOST);
  }
}
