// The types of the wire, under the names that the window uses. `generated.ts` is written from the Rust types, and a
// test fails when it is stale. Times are seconds of the clip unless a field says otherwise; ids are opaque strings.
import type { AlignmentDoc, ReasonsDoc, ScoresDoc, SearchRow } from './generated';

export type * from './generated';
export type { Event as EngineEvent, LandingDoc as Landing, TermWeights as Weights } from './generated';

/** A track as the list shows it. The rows of a search have no parts of the score, no reasons and no alignment. */
export type Row = Omit<SearchRow, 'cosine'> & {
  scores: ScoresDoc | null;
  reasons: ReasonsDoc | null;
  alignment: AlignmentDoc | null;
  /** Peaks over the whole track, 0 to 255. */
  peaks: number[];
};
