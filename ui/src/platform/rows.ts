// The rows of the list, from the documents of a match and of a search.
import type { FoundRows, Row, Rows } from './types';

export function rowsOfMatch({ results, peaks }: Rows): Row[] {
  return results.map((result) => ({ ...result, alignment: result.alignment ?? null, peaks: peaks[result.track_id] ?? [] }));
}

export function rowsOfSearch({ results, peaks }: FoundRows): Row[] {
  return results.map((row) => ({ ...row, scores: null, reasons: null, alignment: null, peaks: peaks[row.track_id] ?? [] }));
}
