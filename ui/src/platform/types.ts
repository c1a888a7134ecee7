// The types of the wire, under the names that the window uses. `generated.ts` is written from the Rust types, and a
// test fails when it is stale. Times are seconds of the clip unless a field says otherwise; ids are opaque strings.
import type { Clip, RecentClip, Wish } from './generated';

export type * from './generated';
export type { Look as ClipReport, TermWeights as Weights, Told as EngineEvent } from './generated';

/** What the music should be. */
export type Brief = Omit<Wish, 'brief'> & { text: string };
export type MatchRequest = { clip: string; range_s: [number, number]; brief: Brief };
/** `superseded`: another path was opened before this one was read. */
export type OpenedPath = { kind: 'clip'; clip: Clip } | { kind: 'bin'; path: string; clips: RecentClip[] } | { kind: 'superseded' };
