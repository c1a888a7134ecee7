// The one interface between the window and the shell. `tauri.ts` is the real one; `fake.ts` is for tests in a browser.
// Every call may reject with a Fault. A call that changes a clip names it, so that a late call cannot change another one.
import type {
  Brief, CacheUse, CatalogState, ClipReport, Clock, Device, EngineEvent, Filters, FoundRows, Levels, MatchRequest, Opened, Pick, RecentClip,
  Rows, Settings, Start, TrackTimeline, UndoneStep,
} from './types';

export type Dropped = { kind: 'over' | 'drop'; paths: string[] } | { kind: 'leave' };

export interface Platform {
  start(): Promise<Start>;
  /** Calls `onEvent` with every event of the engine; returns how to stop listening. */
  listen(onEvent: (event: EngineEvent) => void): () => void;
  onDrop(onDropped: (dropped: Dropped) => void): () => void;

  /** The engine's monotonic clock in milliseconds; all times of the engine are on it. */
  now(): Promise<number>;

  chooseClip(): Promise<string | null>;
  chooseFolder(): Promise<string | null>;
  /** Opens a clip, or a folder as a bin: its clips, newest first. */
  openPath(path: string): Promise<Opened>;
  closeClip(): Promise<void>;
  recent(): Promise<RecentClip[]>;
  forget(clip: string): Promise<RecentClip[]>;
  /** Requests `count` pictures of the filmstrip, evenly spaced over `range_s`; they arrive as `film` events. */
  film(clip: string, range_s: [number, number], count: number): Promise<void>;

  /** Starts a match and returns its number. The rows arrive as two `rows` events: first, then refined. */
  match(request: MatchRequest): Promise<number>;
  /** Ranks the match of the clip with another brief; searches again where the words, the reference or the filters changed. */
  rerank(clip: string, brief: Brief): Promise<Rows>;
  clipReport(clip: string, sensitivity: number): Promise<ClipReport>;
  search(text: string, filters: Filters): Promise<FoundRows>;
  similar(track: string, filters: Filters): Promise<FoundRows>;
  track(track: string): Promise<TrackTimeline>;
  cancel(job: number): Promise<void>;

  play(): Promise<void>;
  pause(): Promise<void>;
  seek(position_s: number): Promise<void>;
  rate(rate: number): Promise<void>;
  range(clip: string, range_s: [number, number], looping: boolean): Promise<void>;
  select(track: string | null, start_s: number): Promise<void>;
  slip(track: string, start_s: number): Promise<void>;
  levels(levels: Levels): Promise<void>;
  clock(): Promise<Clock>;
  devices(): Promise<Device[]>;
  chooseDevice(id: string | null): Promise<void>;

  save(clip: string, track: string, start_s: number): Promise<Pick[]>;
  unsave(clip: string, track: string): Promise<Pick[]>;
  note(clip: string, track: string, note: string): Promise<Pick[]>;
  move(clip: string, track: string, to: number): Promise<Pick[]>;
  undo(): Promise<UndoneStep | null>;
  redo(): Promise<UndoneStep | null>;
  reveal(track: string): Promise<void>;
  copy(text: string): Promise<void>;
  /** Starts dragging the file of a track out of the window. */
  drag(track: string): Promise<void>;

  catalog(): Promise<CatalogState>;
  index(folders: string[]): Promise<number>;
  /** Changes the given settings and returns all of them. */
  settings(change: Partial<Settings>): Promise<Settings>;
  cache(): Promise<CacheUse>;
  clearCache(): Promise<CacheUse>;
  fetchPack(name: string): Promise<number>;
}
