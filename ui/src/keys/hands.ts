// What the keys and the list may do to what is heard. `Audition` has all of it.
import type { Row } from '../platform/types';

export type Hands = {
  toggle(): void;
  play(): void;
  pause(): void;
  seek(position_s: number): void;
  step(frames: number): void;
  shuttle(direction: -1 | 0 | 1): void;
  hop(row: Row): void;
  slip(start_s: number): void;
  nudge(beats: number): void;
  setIn(): void;
  setOut(): void;
  toggleLoop(): void;
};
