// Where things are in the window: which sheet is open, and what a key may move the focus to.
import type { Row } from '../platform/types';

export type SheetName = 'settings' | 'keys';
export type FocusName = 'brief' | 'filters' | 'weights';

export class Places {
  sheet = $state<SheetName | null>(null);
  /** The picks are shown over the foot of the list. */
  picks = $state(false);
  /** The row whose menu is open. */
  menu = $state.raw<Row | null>(null);
  /** Goes up when the list must show and focus the selected row. */
  follow = $state(0);

  open(name: SheetName): void {
    this.sheet = name;
  }

  toggle(name: SheetName): void {
    this.sheet = this.sheet === name ? null : name;
  }

  close(): void {
    this.sheet = null;
  }

  /** Moves the focus to the control that answers to `name`. */
  focus(name: FocusName): void {
    const place = document.querySelector<HTMLElement>(`[data-focus='${name}']`);
    (place instanceof HTMLInputElement ? place : place?.querySelector<HTMLElement>('input, button'))?.focus();
  }
}
