// Rows never move under the pointer. A new order is shown at once where the editor asked for it or where nobody is in
// the list; else the old one stands, and the new one waits until it is applied or the list is left.
import type { Row } from '../platform/types';

export type Standing = { shown: Row[]; waiting: Row[] | null };

/** `held`: the pointer or the focus is in the list. `asked`: the editor caused the new order. */
export function settle(standing: Standing, next: Row[], held: boolean, asked: boolean): Standing {
  if (asked || !held || standing.shown.length === 0) return { shown: next, waiting: null };
  if (sameOrder(standing.shown, next)) return { shown: next, waiting: null };
  // Rows that stay keep their places but tell what is now known of them: their landings, their reasons.
  const known = new Map(next.map((row) => [row.track_id, row]));
  const shown = standing.shown.map((row) => {
    const newer = known.get(row.track_id);
    return newer ? { ...newer, rank: row.rank } : row;
  });
  return { shown, waiting: next };
}

export function apply(standing: Standing): Standing {
  return standing.waiting ? { shown: standing.waiting, waiting: null } : standing;
}

function sameOrder(a: Row[], b: Row[]): boolean {
  return a.length === b.length && a.every((row, index) => row.track_id === b[index]?.track_id);
}
