// The rows of the list, the selected one, and an order that does not change under the pointer.
import type { Row } from '../platform/types';
import type { CatalogSearch } from './catalog-search.svelte';
import { EMPTY, withPendingApplied, withRows, type ListOrder } from './list-order';

export class TrackList {
  /** The row that is playing and shows its reasons. */
  selected = $state.raw<Row | null>(null);
  #held = false;
  #order = $state.raw<ListOrder>(EMPTY);
  readonly #search: CatalogSearch;
  readonly rows = $derived.by(() => (this.#search.mode === 'matches' ? this.#order.shown : this.#search.results));
  readonly has_pending_order = $derived(this.#order.pending !== null);

  constructor(search: CatalogSearch) {
    this.#search = search;
  }

  /** The rows of a match; `requested`: the editor caused their order. */
  setMatches(rows: Row[], requested: boolean): void {
    this.#order = withRows(this.#order, rows, this.#held, requested);
    const selected = rows.find((row) => row.track_id === this.selected?.track_id);
    if (selected) this.selected = selected;
  }

  clearMatches(): void {
    this.#order = EMPTY;
  }

  applyPendingOrder(): void {
    this.#order = withPendingApplied(this.#order);
  }

  /** `held`: the pointer or the focus is in the list. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.applyPendingOrder();
  }
}
