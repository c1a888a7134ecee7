// The notices in the corner of the window: faults with their next step, and short messages such as "saved". A message
// leaves after a few seconds; a fault stays until it is dismissed.
import type { Fault } from '../platform/types';

export type Action = { label: string; run: () => void };
export type Notice = { id: number; kind: 'fault' | 'message'; message: string; hint: string | null; code: string | null; action: Action | null };

const MESSAGE_MS = 4200;
/** More notices would cover the list. */
const MOST = 4;

export function asFault(error: unknown): Fault {
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
    const { code, message } = error;
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : null;
    return { code: String(code), message: String(message), hint };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, hint: 'Try again. If it happens again, restart Needledrop.' };
}

export class Notices {
  list = $state<Notice[]>([]);
  #next_id = 1;

  /** An arrow function, so that it can be passed to `catch`. */
  readonly fault = (error: unknown): void => {
    const { code, message, hint } = asFault(error);
    // The same fault again replaces the earlier notice.
    this.list = this.list.filter((notice) => notice.message !== message);
    this.#add({ id: this.#next_id++, kind: 'fault', message, hint, code, action: null });
  };

  message(message: string, action: Action | null = null): void {
    const id = this.#next_id++;
    this.#add({ id, kind: 'message', message, hint: null, code: null, action });
    setTimeout(() => this.dismiss(id), MESSAGE_MS);
  }

  /** Removes the faults with this code: their cause is gone. */
  resolve(code: string): void {
    this.list = this.list.filter((notice) => notice.code !== code);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** The answer of `call`, or null after a notice of why it failed. */
  async orFault<T>(call: Promise<T>): Promise<T | null> {
    try {
      return await call;
    } catch (error) {
      this.fault(error);
      return null;
    }
  }

  #add(notice: Notice): void {
    this.list = [...this.list, notice].slice(-MOST);
  }
}
