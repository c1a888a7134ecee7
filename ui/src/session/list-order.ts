// Rows never move under the pointer. A new order is shown at once where the editor asked for it or where neither the
// pointer nor the focus is in the list. Otherwise the old order stays, and the new one is pending until it is applied.
import type { Row } from '../platform/types';

export type ListOrder = { shown: Row[]; pending: Row[] | null };

export const EMPTY: ListOrder = { shown: [], pending: null };

/** `held`: the pointer or the focus is in the list. `requested`: the editor caused the new order. */
export function withRows(order: ListOrder, next: Row[], held: boolean, requested: boolean): ListOrder {
  if (requested || !held || order.shown.length === 0) return { shown: next, pending: null };
  if (isSameOrder(order.shown, next)) return { shown: next, pending: null };
  // Rows keep their places but show the new values: their landings, their reasons.
  const newer = new Map(next.map((row) => [row.track_id, row]));
  const shown = order.shown.map((row) => {
    const update = newer.get(row.track_id);
    return update ? { ...update, rank: row.rank } : row;
  });
  return { shown, pending: next };
}

export function withPendingApplied(order: ListOrder): ListOrder {
  return order.pending ? { shown: order.pending, pending: null } : order;
}

function isSameOrder(a: Row[], b: Row[]): boolean {
  return a.length === b.length && a.every((row, index) => row.track_id === b[index]?.track_id);
}
