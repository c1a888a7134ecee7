// Blind comparison: up to three tracks as A, B and C, with their titles hidden until the editor asks for them.
import type { Row } from '../platform/types';

export const LETTERS = ['A', 'B', 'C'] as const;
export type Letter = (typeof LETTERS)[number];

/** Saved tracks first, then the best of the list; shuffled by `random`, which gives numbers from 0 to 1. */
export function tracksToCompare(rows: Row[], saved: readonly string[], random: () => number): Row[] {
  const chosen = [...rows.filter((row) => saved.includes(row.track_id)), ...rows.filter((row) => !saved.includes(row.track_id))].slice(0, 3);
  for (let last = chosen.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [chosen[last], chosen[other]] = [chosen[other]!, chosen[last]!];
  }
  return chosen;
}

export class Compare {
  rows = $state.raw<Row[]>([]);
  /** The track that is playing. */
  letter = $state<Letter | null>(null);
  heard = $state<Letter[]>([]);
  revealed = $state(false);
  readonly open = $derived(this.rows.length > 0);
  /** No title may be shown anywhere. */
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
