// What is playing: the engine's clock as the window knows it, and the calls that change it. Positions are seconds of
// the clip.
import { LatestCall } from '../platform/latest-call';
import type { Platform } from '../platform/platform';
import type { Clip, Clock, EngineEvent, Levels, Row, TrackTimeline } from '../platform/types';
import { nudged_s } from './beats';
import { betterOffset, bestOf, ping, type ClockOffset } from './clock-offset';
import { frameAt, frameStart_s, stepped_s, type Fps } from './frames';
import { positionAt } from './position';
import { clamp, isSame, length_s, withIn, withOut, type Range } from './range';
import { Sheets } from './sheets';
import { Telemetry } from './telemetry';

const PINGS = 5;
const PING_EVERY_MS = 10_000;
const FASTEST_RATE = 8;
export const DEFAULT_LEVELS: Levels = { music: 0.9, clip: 0.5, duck: true, match_loudness: true };
const DEFAULT_FPS: Fps = { fps_num: 25, fps_den: 1 };

/** What the audition needs of the session around it. */
export type AuditionContext = {
  readonly clip: Clip | null;
  readonly stored_levels: Levels | null;
  onError: (error: unknown) => void;
};
type Start = Pick<Row, 'track_id' | 'start_s'>;

export class Audition {
  readonly platform: Platform;
  readonly telemetry = new Telemetry();
  /** The selected track, as the timeline draws it. */
  sheet = $state.raw<TrackTimeline | null>(null);
  track_id = $state<string | null>(null);
  /** The second of the selected track that plays at the in-point: as the match has it, or as the editor moved it. */
  start_s = $state(0);
  /** Picture minus sound, for the foot of the window; null while nothing plays. */
  av_offset_ms = $state<number | null>(null);
  /** Where the editor wants to be while the engine has not arrived there. */
  seek_target_s = $state<number | null>(null);
  /** Goes up whenever the position may have jumped and the picture must follow. */
  position_version = $state(0);
  /** While the playhead is dragged, the picture may show a near frame where that is quicker. */
  scrubbing = $state(false);

  /** The newest clock, of the open clip or of one that the engine has opened already. */
  #newest_clock = $state.raw<Clock | null>(null);
  readonly #context: AuditionContext;
  readonly #sheets: Sheets;
  readonly #now_ms: () => number;
  /** Starts that the editor chose, by track. */
  #own_starts = $state<Record<string, number>>({});
  #levels = $state<Levels | null>(null);
  #clock_offset: ClockOffset | null = null;
  #clock_offset_at_ms = 0;
  #clip_id: string | null = null;
  /** The clip that was open before; its clocks may still arrive. */
  #left_clip_id: string | null = null;
  #played_before_scrub = false;
  /** The editor has played, paused or moved this clip. */
  #was_used = false;

  readonly #seeks: LatestCall<number>;
  readonly #slips: LatestCall<[string, number]>;
  readonly #selects: LatestCall<[string, number]>;
  readonly #faders: LatestCall<Levels>;

  /** `now_ms`: the window's clock, `performance.now()` outside of tests. */
  constructor(platform: Platform, context: AuditionContext, now_ms: () => number = () => performance.now()) {
    this.platform = platform;
    this.#context = context;
    this.#now_ms = now_ms;
    this.#sheets = new Sheets((track) => platform.track(track));
    const latest = <Request>(run: (request: Request) => Promise<void>) => new LatestCall<Request>(run, () => undefined, context.onError);
    this.#seeks = latest((position_s) => platform.seek(position_s));
    this.#slips = latest(([track, start_s]) => platform.slip(track, start_s));
    this.#selects = latest(([track, start_s]) => platform.select(track, start_s));
    this.#faders = latest((levels) => platform.levels(levels));
  }

  /** Listens to the engine's clock; returns how to stop. */
  listen(): () => void {
    const stop = this.platform.listen((event) => this.#handle(event));
    const timer = setInterval(() => void this.#measureClockOffset(), PING_EVERY_MS);
    void this.#measureClockOffset();
    return () => {
      stop();
      clearInterval(timer);
    };
  }

  /** The engine's clock; null until one of the open clip has arrived. */
  get clock(): Clock | null {
    return this.#newest_clock?.clip === this.#open_clip_id ? this.#newest_clock : null;
  }

  get playing(): boolean {
    return this.clock?.playing ?? false;
  }

  get rate(): number {
    return this.clock?.rate ?? 1;
  }

  get range_s(): Range {
    return this.clock?.range_s ?? this.#context.clip?.range_s ?? [0, 0];
  }

  get duration_s(): number {
    return this.#context.clip?.duration_s ?? this.range_s[1];
  }

  get fps(): Fps {
    return this.#context.clip ?? DEFAULT_FPS;
  }

  get levels(): Levels {
    return this.#levels ?? this.#context.stored_levels ?? DEFAULT_LEVELS;
  }

  set levels(levels: Levels) {
    this.#levels = levels;
    void this.#faders.send({ ...levels });
  }

  /** The position at `window_ms` of the window's clock: the seek target while a seek is under way, else what is heard. */
  positionAt(window_ms: number): number {
    if (this.seek_target_s !== null) return this.seek_target_s;
    if (this.clock === null) return this.range_s[0];
    return positionAt(this.clock, this.#engineTime(window_ms), this.duration_s);
  }

  /** The position now. */
  get position_s(): number {
    return this.positionAt(this.#now_ms());
  }

  /** The start of a track: the editor's own, or else the one of the match. */
  startOf(row: Start): number {
    return this.#own_starts[row.track_id] ?? row.start_s;
  }

  hasOwnStart(track_id: string): boolean {
    return this.#own_starts[track_id] !== undefined;
  }

  toggle(): Promise<void> {
    return this.playing ? this.pause() : this.play();
  }

  /** Plays the clip where the editor has not played, paused or moved it yet. */
  async autoplay(): Promise<void> {
    this.#resetForNewClip();
    if (!this.#was_used && !this.playing && !this.scrubbing) await this.play();
  }

  async play(): Promise<void> {
    this.#markUsed();
    if (this.rate !== 1) await this.#orFault(this.platform.rate(1));
    await this.#orFault(this.platform.play());
  }

  async pause(): Promise<void> {
    this.#markUsed();
    await this.#orFault(this.platform.pause());
    if (this.rate !== 1) await this.#orFault(this.platform.rate(1));
  }

  /** Goes to `position_s`. Of several seeks in a row the last one counts. */
  async seek(position_s: number): Promise<void> {
    this.#markUsed();
    const to_s = clamp(position_s, 0, Math.max(0, this.duration_s));
    this.seek_target_s = to_s;
    this.position_version += 1;
    await this.#seeks.send(to_s);
    if (this.seek_target_s === null || this.#seeks.busy) return;
    // The answer may arrive before the clock event of the same seek. The target is kept until the clock is the one after
    // the seek.
    const clock = await this.platform.clock().catch(() => null);
    if (this.#seeks.busy) return;
    if (clock !== null) this.#clockArrived(clock);
    this.seek_target_s = null;
    this.position_version += 1;
  }

  /** Pauses and moves by whole frames of the clip. */
  async step(frames: number): Promise<void> {
    const from_s = this.position_s;
    if (this.playing) await this.pause();
    await this.seek(stepped_s(from_s, frames, this.duration_s, this.fps));
  }

  /** J, K and L: backwards, stop, forwards. The same key again doubles the speed. */
  async shuttle(direction: -1 | 0 | 1): Promise<void> {
    this.#markUsed();
    if (direction === 0) return this.pause();
    const is_same = this.playing && Math.sign(this.rate) === direction;
    const rate = is_same ? direction * Math.min(FASTEST_RATE, Math.abs(this.rate) * 2) : direction;
    await this.#orFault(this.platform.rate(rate));
    if (!this.playing) await this.#orFault(this.platform.play());
  }

  /** Plays another track at the same place of the picture. */
  async hop(row: Start): Promise<void> {
    this.#resetForNewClip();
    const start_s = this.startOf(row);
    this.track_id = row.track_id;
    this.start_s = start_s;
    void this.#loadSheet(row.track_id);
    await this.#selects.send([row.track_id, start_s]);
  }

  /** Moves the music by `beats` of the track to a later place of the picture. */
  nudge(beats: number): Promise<void> {
    return this.slip(nudged_s(this.sheet ?? { beats_s: [], bpm: null }, this.start_s, -beats));
  }

  /** Moves the music against the picture: `start_s` of the track plays at the in-point. */
  async slip(start_s: number): Promise<void> {
    const track = this.track_id;
    if (track === null) return;
    const to_s = clamp(start_s, 1 - length_s(this.range_s), (this.sheet?.duration_s ?? Infinity) - 1);
    this.#own_starts[track] = to_s;
    this.start_s = to_s;
    await this.#slips.send([track, to_s]);
  }

  /** Puts the track back to the start that the match has for it. */
  async resetStart(row: Start): Promise<void> {
    delete this.#own_starts[row.track_id];
    if (this.track_id !== row.track_id) return;
    this.start_s = row.start_s;
    await this.#slips.send([row.track_id, row.start_s]);
  }

  setIn(): Promise<void> {
    return this.setRange(withIn(this.range_s, this.#frameStart(0), this.duration_s));
  }

  /** The shown frame becomes the last one inside the range. */
  setOut(): Promise<void> {
    return this.setRange(withOut(this.range_s, this.#frameStart(1), this.duration_s));
  }

  /** Changes the range. The music keeps its place against the picture. */
  async setRange(range_s: Range, looping = this.clock?.looping ?? true): Promise<void> {
    const { clip } = this.#context;
    if (!clip) return;
    const by_s = range_s[0] - this.range_s[0];
    clip.range_s = range_s;
    await this.#orFault(this.platform.range(clip.clip, range_s, looping));
    if (by_s === 0) return;
    for (const track of Object.keys(this.#own_starts)) this.#own_starts[track] = (this.#own_starts[track] ?? 0) + by_s;
    if (this.track_id === null) return;
    this.start_s += by_s;
    await this.#slips.send([this.track_id, this.start_s]);
  }

  toggleLoop(): Promise<void> {
    return this.setRange(this.range_s, !(this.clock?.looping ?? true));
  }

  /** Pauses while the playhead is dragged, and plays again afterwards. */
  async scrub(scrubbing: boolean): Promise<void> {
    if (scrubbing === this.scrubbing) return;
    this.scrubbing = scrubbing;
    if (scrubbing) {
      this.#played_before_scrub = this.playing;
      if (this.playing) await this.#orFault(this.platform.pause());
    } else if (this.#played_before_scrub) {
      await this.#orFault(this.platform.play());
    }
    this.position_version += 1;
  }

  async #measureClockOffset(): Promise<void> {
    const best = bestOf(await ping(() => this.platform.now(), this.#now_ms, PINGS));
    const at_ms = this.#now_ms();
    this.#clock_offset = betterOffset(this.#clock_offset, best, at_ms - this.#clock_offset_at_ms);
    this.#clock_offset_at_ms = at_ms;
    this.position_version += 1;
  }

  #handle(event: EngineEvent): void {
    if (event.kind === 'clock') this.#clockArrived(event.clock);
  }

  #clockArrived(clock: Clock): void {
    this.#resetForNewClip();
    // Events and answers can overtake each other; the newer clock counts.
    const before = this.#newest_clock;
    if (before !== null && clock.at_ms < before.at_ms) return;
    if (clock.clip !== this.#clip_id && clock.clip === this.#left_clip_id) return;
    this.#clock_offset ??= { offset_ms: clock.at_ms - this.#now_ms(), error_ms: Infinity };
    // An unchanged range stays the same object, so that what is drawn from it is not redrawn with each clock.
    const range_s = before !== null && isSame(before.range_s, clock.range_s) ? before.range_s : clock.range_s;
    this.#newest_clock = { ...clock, range_s };
    this.position_version += 1;
    if (this.#selects.busy || this.#slips.busy) return;
    if (clock.track_id !== this.track_id) {
      this.track_id = clock.track_id;
      if (clock.track_id === null) this.sheet = null;
      else void this.#loadSheet(clock.track_id);
    }
    this.start_s = clock.start_s;
  }

  async #loadSheet(track_id: string): Promise<void> {
    try {
      const sheet = await this.#sheets.of(track_id);
      if (this.track_id === track_id) this.sheet = sheet;
    } catch (error) {
      if (this.track_id !== track_id) return;
      this.sheet = null;
      this.#context.onError(error);
    }
  }

  get #open_clip_id(): string | null {
    return this.#context.clip?.clip ?? null;
  }

  #markUsed(): void {
    this.#resetForNewClip();
    this.#was_used = true;
  }

  /** Forgets what the editor changed where another clip is open now. */
  #resetForNewClip(): void {
    const clip_id = this.#open_clip_id;
    if (clip_id === this.#clip_id) return;
    this.#left_clip_id = this.#clip_id;
    this.#clip_id = clip_id;
    this.#own_starts = {};
    this.#was_used = false;
    this.seek_target_s = null;
    this.telemetry.clear();
  }

  /** The start of the frame that lies `frames` after the shown one. */
  #frameStart(frames: number): number {
    return frameStart_s(frameAt(this.position_s, this.fps) + frames, this.fps);
  }

  #engineTime(window_ms: number): number {
    return window_ms + (this.#clock_offset?.offset_ms ?? 0);
  }

  async #orFault(call: Promise<void>): Promise<void> {
    try {
      await call;
    } catch (error) {
      this.#context.onError(error);
    }
  }
}
