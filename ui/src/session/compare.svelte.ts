// Blind comparison: three tracks as A, B and C, their titles hidden until they are asked for.
import type { Row } from '../platform/types';

export const LETTERS = ['A', 'B', 'C'] as const;
export type Letter = (typeof LETTERS)[number];

/** The three that are compared: what was saved first, then the best of the list; in an order that does not tell. */
export function three(listed: Row[], saved: readonly string[], chance: () => number): Row[] {
  const chosen = [...listed.filter((row) => saved.includes(row.track_id)), ...listed.filter((row) => !saved.includes(row.track_id))].slice(0, 3);
  for (let last = chosen.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1));
    [chosen[last], chosen[other]] = [chosen[other]!, chosen[last]!];
  }
  return chosen;
}

export class Compare {
  rows = $state.raw<Row[]>([]);
  letter = $state<Letter | null>(null);
  heard = $state<Letter[]>([]);
  revealed = $state(false);
  readonly open = $derived(this.rows.length > 0);
  /** Titles must not be shown anywhere. */
  readonly blind = $derived(this.rows.length > 0 && !this.revealed);

  begin(rows: Row[]): void {
    this.rows = rows;
    this.letter = null;
    this.heard = [];
    this.revealed = false;
  }

  choose(letter: Letter): Row | null {
    const row = this.rows[LETTERS.indexOf(letter)] ?? null;
    if (!row) return null;
    this.letter = letter;
    if (!this.heard.includes(letter)) this.heard = [...this.heard, letter];
    return row;
  }

  end(): void {
    this.rows = [];
    this.letter = null;
  }
}
