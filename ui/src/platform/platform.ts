// The one surface between the window and what is around it. `tauri.ts` is the real one, `fake.ts` the one that
// tests and the browser lane use. Every call may reject with a Fault.
import type {
  Ask, CacheUse, CatalogState, Clip, Clock, Device, Filters, Levels, Look, Pick, RecentClip, Rows, Row, Settings, Start, Told,
  TrackSheet, Undone, Wish,
} from './types';

export type Dropped = { kind: 'over' | 'drop'; paths: string[] } | { kind: 'leave' };

export interface Platform {
  start(): Promise<Start>;
  /** Tells everything in `Told`; returns how to stop listening. */
  listen(told: (told: Told) => void): () => void;
  onDrop(dropped: (dropped: Dropped) => void): () => void;

  /** The engine's monotonic clock in milliseconds, for telling its times from the window's. */
  now(): Promise<number>;

  chooseClip(): Promise<string | null>;
  chooseFolder(): Promise<string | null>;
  /** Opens a clip; a folder opens as a bin: its clips, newest first. */
  openClip(path: string): Promise<Clip>;
  openBin(path: string): Promise<RecentClip[]>;
  closeClip(): Promise<void>;
  recent(): Promise<RecentClip[]>;
  forget(clip: string): Promise<RecentClip[]>;
  /** Asks for `count` small pictures, evenly over `range_s`; they come as `film`. */
  film(clip: string, range_s: [number, number], count: number): Promise<void>;

  /** Starts a match; rows come as `rows`, twice. Answers with the number of the match. */
  match(ask: Ask): Promise<number>;
  /** Ranks again what was found, or searches again where words, reference or filters ask for it. */
  rerank(wish: Wish): Promise<Rows>;
  look(sensitivity: number): Promise<Look>;
  search(text: string, filters: Filters): Promise<Row[]>;
  similar(track: string, filters: Filters): Promise<Row[]>;
  track(track: string): Promise<TrackSheet>;
  cancel(job: number): Promise<void>;

  play(): Promise<void>;
  pause(): Promise<void>;
  seek(position_s: number): Promise<void>;
  rate(rate: number): Promise<void>;
  range(range_s: [number, number], looping: boolean): Promise<void>;
  select(track: string | null, start_s: number): Promise<void>;
  slip(track: string, start_s: number): Promise<void>;
  levels(levels: Levels): Promise<void>;
  clock(): Promise<Clock>;
  devices(): Promise<Device[]>;
  chooseDevice(id: string | null): Promise<void>;

  save(track: string, start_s: number): Promise<Pick[]>;
  unsave(track: string): Promise<Pick[]>;
  note(track: string, note: string): Promise<Pick[]>;
  move(track: string, to: number): Promise<Pick[]>;
  undo(): Promise<Undone | null>;
  redo(): Promise<Undone | null>;
  reveal(track: string): Promise<void>;
  copy(text: string): Promise<void>;
  /** Starts dragging the file of a track out of the window. */
  drag(track: string): Promise<void>;

  catalog(): Promise<CatalogState>;
  index(folders: string[]): Promise<number>;
  settings(settings: Settings): Promise<Settings>;
  cache(): Promise<CacheUse>;
  clearCache(): Promise<CacheUse>;
  fetchPack(name: string): Promise<number>;
}
