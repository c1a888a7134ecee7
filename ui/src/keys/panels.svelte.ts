// Which sheet, panel or menu is open, and requests to move the focus.
import type { Row } from '../platform/types';

export type SheetName = 'settings' | 'keys';
export type FocusName = 'brief' | 'filters' | 'weights';

export class Panels {
  sheet = $state<SheetName | null>(null);
  /** The picks are shown below the list. */
  picks = $state(false);
  /** The row whose menu is open. */
  menu = $state.raw<Row | null>(null);
  /** Goes up when the list must scroll to the selected row and focus it. */
  reveal_requests = $state(0);

  open(name: SheetName): void {
    this.sheet = name;
  }

  toggle(name: SheetName): void {
    this.sheet = this.sheet === name ? null : name;
  }

  close(): void {
    this.sheet = null;
  }

  revealSelected(): void {
    this.reveal_requests += 1;
  }

  /** Moves the focus to the control marked `data-focus={name}`, or to the first control inside it. */
  focus(name: FocusName): void {
    const target = document.querySelector<HTMLElement>(`[data-focus='${name}']`);
    (target instanceof HTMLInputElement ? target : target?.querySelector<HTMLElement>('input, button'))?.focus();
  }
}
