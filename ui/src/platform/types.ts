// What crosses between the window and the engine. Field names are Rust's. Times are seconds of the clip
// unless they say otherwise; ids are opaque.

export type Fault = { code: string; message: string; hint: string | null };

export type Start = {
  version: string;
  settings: Settings;
  catalog: CatalogState;
  packs: PackRow[];
  recent: RecentClip[];
  devices: Device[];
  clock: Clock;
  /** A clip that the application was started with. */
  open: string | null;
};

export type CatalogState =
  | { kind: 'ready'; id: string; epoch: number; tracks: number; path: string; licences: string[]; tags: string[] }
  | { kind: 'missing'; path: string }
  | { kind: 'empty'; path: string }
  | { kind: 'broken'; path: string; fault: Fault };

export type PackRow = {
  name: string;
  title: string;
  version: number;
  stand_in: boolean;
  licence: string;
  ready: boolean;
  missing: string[];
};

export type RecentClip = { clip: string; path: string; name: string; folder: string; duration_s: number; gone: boolean; picks: number; film_url: string | null };

/** An opened clip. */
export type Clip = {
  clip: string;
  path: string;
  name: string;
  duration_s: number;
  fps_num: number;
  fps_den: number;
  width: number;
  height: number;
  codec: string;
  has_audio: boolean;
  range_s: [number, number];
  /** The clip is longer than a match may be; the range is a suggestion until the editor confirms it. */
  ask_range: boolean;
  picture: Picture;
  brief: string;
  words_share: number;
  weights: Weights;
  filters: Filters;
  sensitivity: number;
  picks: Pick[];
};

/** What the <video> shows: the file itself, or a proxy that is being made. */
export type Picture = { kind: 'direct'; url: string } | { kind: 'proxy'; url: string; reason: string } | { kind: 'making'; reason: string };

export type Weights = { visual: number; tempo: number; tags: number; key: number };

export type Filters = {
  bpm: [number, number] | null;
  /** Camelot code that the key must fit, such as `8A`. */
  key: string | null;
  tags: string[];
  voices: 'any' | 'instrumental' | 'vocal';
  duration_s: [number, number] | null;
  licences: string[];
};

export type Ask = {
  clip: string;
  range_s: [number, number];
  brief: string;
  words_share: number;
  /** Track that the choice should sound like. */
  reference: string | null;
  weights: Weights;
  filters: Filters;
  sensitivity: number;
};

/** What can be changed without looking at the picture again. */
export type Wish = Pick_<Ask, 'brief' | 'words_share' | 'reference' | 'weights' | 'filters' | 'sensitivity'>;
type Pick_<T, K extends keyof T> = { [P in K]: T[P] };

export type Rows = {
  /** Goes up with every match; rows of an older one are dropped. */
  match: number;
  refined: boolean;
  results: Row[];
  /** Tracks that were ranked. */
  candidates: number;
  confidence: number;
  no_good_match: boolean;
  pack: string;
  provider: string;
  brief: Brief;
  timings_ms: { first_rows: number; watch: number; refine: number; total: number };
  warnings: string[];
};

export type Brief = {
  tempo_bpm: number | null;
  tempo_confidence: number;
  mode: 'major' | 'minor' | null;
  mood_label: string | null;
  mood_name: string | null;
  /** Share of the range in which somebody speaks. */
  speech: number;
  text: string | null;
  /** What the words were understood as. */
  chips: Chip[];
};

export type Chip = { text: string; wanted: boolean };

export type Row = {
  rank: number;
  track_id: string;
  title: string;
  artist: string | null;
  bpm: number | null;
  key: string | null;
  camelot: string | null;
  duration_s: number;
  start_s: number;
  licence: string | null;
  attribution: string | null;
  source: string | null;
  tags: string[];
  vocal: number | null;
  /** Absolute peaks over the whole track, 0 to 255, at most 96. */
  peaks: number[];
  score: number;
  /** Absent in a search by words or by a track. */
  scores: Weights | null;
  reasons: { visual: string; tempo: string; tags: string; key: string } | null;
  alignment: { score: number; cuts_landed: number; cuts: number; landings: Landing[] } | null;
  why: string;
};

export type Landing = { clip_s: number; track_s: number; on: 'beat' | 'bar' | 'climax' };

/** Everything the timeline draws of a track. Times are seconds of the track. */
export type TrackSheet = {
  track_id: string;
  duration_s: number;
  bpm: number | null;
  beats_s: number[];
  /** Indices into `beats_s`. */
  downbeats: number[];
  per_bar: number;
  /** Absolute peaks, 0 to 255. */
  peaks: Curve;
  loudness_lufs: number | null;
  ending: string | null;
  ending_s: number | null;
};

export type Curve = { rate_hz: number; values: number[] };

/** What the clip does in time. */
export type Look = {
  range_s: [number, number];
  cuts: { time_s: number; kind: 'cut' | 'fade' | 'dissolve'; score: number }[];
  hits: { time_s: number; strength: number }[];
  tempo: { bpm: number | null; confidence: number };
  motion: Curve;
  speech_s: [number, number][];
  /** Absolute peaks of the clip's own sound, 0 to 255; nothing without sound. */
  sound: Curve | null;
};

export type Clock = {
  /** Seconds of the clip that are heard at `at_ms`. */
  position_s: number;
  /** Milliseconds of the engine's own monotonic clock; see `Platform.now`. */
  at_ms: number;
  playing: boolean;
  rate: number;
  range_s: [number, number];
  looping: boolean;
  track_id: string | null;
  start_s: number;
  output: { name: string; rate_hz: number; buffer_frames: number; latency_ms: number } | null;
  underruns: number;
};

export type Levels = { music: number; clip: number; duck: boolean; match_loudness: boolean };

export type Device = { id: string; name: string; standard: boolean };

export type Pick = {
  track_id: string;
  title: string;
  artist: string | null;
  bpm: number | null;
  camelot: string | null;
  licence: string | null;
  duration_s: number;
  start_s: number;
  range_s: [number, number];
  note: string;
  saved_ms: number;
  /** The track's file is not where it was. */
  gone: boolean;
};

export type Undone = { what: string; clip: string | null; picks: Pick[] | null };

export type Settings = {
  catalog: string;
  /** Folders of the editor's own music. */
  folders: string[];
  pack: string;
  provider: 'auto' | 'cpu' | 'cuda' | 'remote';
  endpoint: string;
  device: string | null;
  cache_limit_gb: number;
  theme: 'dark' | 'light' | 'system';
  levels: Levels;
  /** Share of the window's width that the picture has. */
  split: number;
};

export type CacheUse = { path: string; bytes: number };

/** Long work: `done` and `total` in whatever unit; total 0 while unknown. */
export type JobProgress = { job: number; kind: JobKind; phase: string; done: number; total: number; left_s: number | null };
export type JobKind = 'match' | 'watch' | 'proxy' | 'film' | 'index' | 'pack';

/** What the engine tells without being asked. */
export type Told =
  | { kind: 'progress'; progress: JobProgress }
  | { kind: 'job_ended'; job: number; job_kind: JobKind; fault: Fault | null; cancelled: boolean }
  | { kind: 'rows'; rows: Rows; look: Look | null }
  | { kind: 'film'; clip: string; index: number; count: number; time_s: number; url: string }
  | { kind: 'picture'; clip: string; picture: Picture }
  | { kind: 'clock'; clock: Clock }
  | { kind: 'ended' }
  | { kind: 'device'; output: Clock['output']; lost: string | null }
  | { kind: 'track_failed'; track_id: string; message: string }
  | { kind: 'catalog'; catalog: CatalogState }
  | { kind: 'open'; path: string };
