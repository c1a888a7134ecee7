// What crosses between the window and the engine, by the names the window uses. `generated.ts` is made from the
// shell's own types; a test of the shell fails when it is stale. Times are seconds of the clip unless they say
// otherwise; ids are opaque.
export type * from './generated';
export type { TermWeights as Weights } from './generated';
