// What is heard: the engine's clock followed here, and the calls that move it. Positions are seconds of the clip.
import type { Platform } from '../platform/platform';
import type { Clock, Levels, Row, Told, TrackSheet } from '../platform/types';
import type { Session } from '../session.svelte';
import { nudged_s } from './beats';
import { frameAt, frameStart_s, stepped_s, type Fps } from './frames';
import { Latest } from './latest';
import { believed, bestOf, ping, type ClockOffset } from './offset';
import { positionAt } from './position';
import { clamp, isSame, length_s, withIn, withOut, type Range } from './range';
import { Sheets } from './sheets';
import { Telemetry } from './telemetry';

const PINGS = 5;
const PING_EVERY_MS = 10_000;
const FASTEST = 8;
const STANDARD: Levels = { music: 0.9, clip: 0.5, duck: true, match_loudness: true };
const NO_FPS: Fps = { fps_num: 25, fps_den: 1 };

/** What the audition needs of the session. */
export type Around = Pick<Session, 'clip' | 'start'> & { notices: Pick<Session['notices'], 'fault'> };

export class Audition {
  readonly platform: Platform;
  readonly telemetry = new Telemetry();
  clock = $state.raw<Clock | null>(null);
  /** The selected track, as the timeline draws it. */
  sheet = $state.raw<TrackSheet | null>(null);
  track_id = $state<string | null>(null);
  /** Where the selected track starts at the in-point, in seconds of the track; the editor's own where he moved it. */
  start_s = $state(0);
  /** Picture less sound, for the foot; nothing while nothing plays. */
  offset_ms = $state<number | null>(null);
  /** Where the editor has asked to be while the engine is on its way there. */
  pending_s = $state<number | null>(null);
  /** Goes up whenever the picture should look again at where the sound is. */
  moved = $state(0);
  /** While the playhead is dragged: the picture may show a frame near by if that is quicker. */
  scrubbing = $state(false);

  readonly #around: () => Around | null;
  readonly #sheets: Sheets;
  readonly #window_ms: () => number;
  #own = $state<Record<string, number>>({});
  #levels = $state<Levels | null>(null);
  #offset: ClockOffset | null = null;
  #offset_at_ms = 0;
  #clip: string | null = null;
  #was_playing = false;
  /** The editor has played, stopped or moved this clip. */
  #touched = false;

  readonly #seeks = new Latest<number>((position_s) => this.#try(this.platform.seek(position_s)));
  readonly #slips = new Latest<[string, number]>(([track, start_s]) => this.#try(this.platform.slip(track, start_s)));
  readonly #selects = new Latest<[string, number]>(([track, start_s]) => this.#try(this.platform.select(track, start_s)));
  readonly #faders = new Latest<Levels>((levels) => this.#try(this.platform.levels(levels)));

  constructor(platform: Platform, around: () => Around | null = () => null, window_ms: () => number = () => performance.now()) {
    this.platform = platform;
    this.#around = around;
    this.#window_ms = window_ms;
    this.#sheets = new Sheets((track) => platform.track(track));
  }

  /** Follows the engine from now on; returns how to stop. */
  follow(): () => void {
    const stop = this.platform.listen((told) => this.#told(told));
    const timer = setInterval(() => void this.#ping(), PING_EVERY_MS);
    void this.#ping();
    return () => {
      stop();
      clearInterval(timer);
    };
  }

  get playing(): boolean {
    return this.clock?.playing ?? false;
  }

  get rate(): number {
    return this.clock?.rate ?? 1;
  }

  get range_s(): Range {
    return this.clock?.range_s ?? this.#around()?.clip?.range_s ?? [0, 0];
  }

  get duration_s(): number {
    return this.#around()?.clip?.duration_s ?? this.range_s[1];
  }

  get fps(): Fps {
    return this.#around()?.clip ?? NO_FPS;
  }

  get levels(): Levels {
    return this.#levels ?? this.#around()?.start?.settings.levels ?? STANDARD;
  }

  set levels(levels: Levels) {
    this.#levels = levels;
    void this.#faders.ask({ ...levels });
  }

  /** The position that is heard at `window_ms` of `performance.now()`, or was asked for. */
  positionAt(window_ms: number): number {
    if (this.pending_s !== null) return this.pending_s;
    if (this.clock === null) return 0;
    return positionAt(this.clock, this.#engine_ms(window_ms), this.duration_s);
  }

  /** The position now. */
  get position_s(): number {
    return this.positionAt(this.#window_ms());
  }

  /** Where the editor had `row` start, or where the match does. */
  startOf(row: Pick<Row, 'track_id' | 'start_s'>): number {
    return this.#own[row.track_id] ?? row.start_s;
  }

  /** The editor moved this track against the picture. */
  isOwn(track_id: string): boolean {
    return this.#own[track_id] !== undefined;
  }

  toggle(): Promise<void> {
    return this.playing ? this.pause() : this.play();
  }

  /** Plays a clip that nobody has played, stopped or moved yet. */
  async begin(): Promise<void> {
    this.#fresh();
    if (!this.#touched && !this.playing && !this.scrubbing) await this.play();
  }

  async play(): Promise<void> {
    this.#touch();
    if (this.rate !== 1) await this.#try(this.platform.rate(1));
    await this.#try(this.platform.play());
  }

  async pause(): Promise<void> {
    this.#touch();
    await this.#try(this.platform.pause());
    if (this.rate !== 1) await this.#try(this.platform.rate(1));
  }

  /** Goes to `position_s`; of many asked for in a row the last counts. */
  async seek(position_s: number): Promise<void> {
    this.#touch();
    const to_s = clamp(position_s, 0, Math.max(0, this.duration_s));
    this.pending_s = to_s;
    this.moved += 1;
    await this.#seeks.ask(to_s);
    if (this.pending_s === null || this.#seeks.busy) return;
    // The engine's answer may overtake what it tells; the picture is only let go once the clock is the one after the seek.
    const clock = await this.platform.clock().catch(() => null);
    if (this.#seeks.busy) return;
    if (clock !== null) this.#took(clock);
    this.pending_s = null;
    this.moved += 1;
  }

  /** Stops and goes `frames` on, from frame to frame of the clip's own rate. */
  async step(frames: number): Promise<void> {
    const from_s = this.position_s;
    if (this.playing) await this.pause();
    await this.seek(stepped_s(from_s, frames, this.duration_s, this.fps));
  }

  /** J, K and L: backwards, stop, forwards; the same again doubles the speed. */
  async shuttle(direction: -1 | 0 | 1): Promise<void> {
    this.#touch();
    if (direction === 0) return this.pause();
    const same = this.playing && Math.sign(this.rate) === direction;
    const rate = same ? direction * Math.min(FASTEST, Math.abs(this.rate) * 2) : direction;
    await this.#try(this.platform.rate(rate));
    if (!this.playing) await this.#try(this.platform.play());
  }

  /** Another track at the same place of the picture. */
  async hop(row: Pick<Row, 'track_id' | 'start_s'>): Promise<void> {
    this.#fresh();
    const start_s = this.startOf(row);
    this.track_id = row.track_id;
    this.start_s = start_s;
    void this.#show(row.track_id);
    await this.#selects.ask([row.track_id, start_s]);
  }

  /** Lets the music come `beats` of its own later; it then starts that much earlier in the track. */
  nudge(beats: number): Promise<void> {
    return this.slip(nudged_s(this.sheet ?? { beats_s: [], bpm: null }, this.start_s, -beats));
  }

  /** Moves the music against the picture: at the in-point it is at `start_s`. */
  async slip(start_s: number): Promise<void> {
    const track = this.track_id;
    if (track === null) return;
    const to_s = clamp(start_s, 1 - length_s(this.range_s), (this.sheet?.duration_s ?? Infinity) - 1);
    this.#own[track] = to_s;
    this.start_s = to_s;
    await this.#slips.ask([track, to_s]);
  }

  /** Back to where the match has the track start. */
  async unslip(row: Pick<Row, 'track_id' | 'start_s'>): Promise<void> {
    delete this.#own[row.track_id];
    if (this.track_id !== row.track_id) return;
    this.start_s = row.start_s;
    await this.#slips.ask([row.track_id, row.start_s]);
  }

  setIn(): Promise<void> {
    return this.setRange(withIn(this.range_s, this.#frameStart(0), this.duration_s));
  }

  /** The frame that is seen is the last inside. */
  setOut(): Promise<void> {
    return this.setRange(withOut(this.range_s, this.#frameStart(1), this.duration_s));
  }

  /** Another range; what is heard at a place of the picture stays what it was. */
  async setRange(range_s: Range, looping = this.clock?.looping ?? true): Promise<void> {
    const by_s = range_s[0] - this.range_s[0];
    const clip = this.#around()?.clip;
    if (clip) clip.range_s = range_s;
    await this.#try(this.platform.range(range_s, looping));
    if (by_s === 0) return;
    for (const track of Object.keys(this.#own)) this.#own[track] = (this.#own[track] ?? 0) + by_s;
    if (this.track_id === null) return;
    this.start_s += by_s;
    await this.#slips.ask([this.track_id, this.start_s]);
  }

  toggleLoop(): Promise<void> {
    return this.setRange(this.range_s, !(this.clock?.looping ?? true));
  }

  /** While the playhead is dragged nothing plays; afterwards it goes on. */
  async scrub(scrubbing: boolean): Promise<void> {
    if (scrubbing === this.scrubbing) return;
    this.scrubbing = scrubbing;
    if (scrubbing) {
      this.#was_playing = this.playing;
      if (this.playing) await this.#try(this.platform.pause());
    } else if (this.#was_playing) {
      await this.#try(this.platform.play());
    }
    this.moved += 1;
  }

  /** Asks the engine for the time until the answer is good. */
  async #ping(): Promise<void> {
    const best = bestOf(await ping(() => this.platform.now(), this.#window_ms, PINGS));
    const at_ms = this.#window_ms();
    this.#offset = believed(this.#offset, best, at_ms - this.#offset_at_ms);
    this.#offset_at_ms = at_ms;
    this.moved += 1;
  }

  #told(told: Told): void {
    if (told.kind === 'clock') this.#took(told.clock);
  }

  #took(clock: Clock): void {
    // What was told may overtake what was asked for; an older word is no news.
    if (this.clock !== null && clock.at_ms < this.clock.at_ms) return;
    this.#offset ??= { offset_ms: clock.at_ms - this.#window_ms(), doubt_ms: Infinity };
    // The same range stays the same object: what is drawn by it is not drawn again for each word of the clock.
    const range_s = this.clock !== null && isSame(this.clock.range_s, clock.range_s) ? this.clock.range_s : clock.range_s;
    this.clock = { ...clock, range_s };
    this.moved += 1;
    this.#fresh();
    if (this.#selects.busy || this.#slips.busy) return;
    if (clock.track_id !== this.track_id) {
      this.track_id = clock.track_id;
      if (clock.track_id === null) this.sheet = null;
      else void this.#show(clock.track_id);
    }
    this.start_s = clock.start_s;
  }

  async #show(track_id: string): Promise<void> {
    try {
      const sheet = await this.#sheets.of(track_id);
      if (this.track_id === track_id) this.sheet = sheet;
    } catch (fault) {
      if (this.track_id !== track_id) return;
      this.sheet = null;
      this.#fault(fault);
    }
  }

  #touch(): void {
    this.#fresh();
    this.#touched = true;
  }

  /** Another clip: what the editor moved belonged to the one before. */
  #fresh(): void {
    const clip = this.#around()?.clip?.clip ?? null;
    if (clip === this.#clip) return;
    this.#clip = clip;
    this.#own = {};
    this.#touched = false;
    this.pending_s = null;
    this.telemetry.clear();
  }

  #frameStart(further: number): number {
    return frameStart_s(frameAt(this.position_s, this.fps) + further, this.fps);
  }

  #engine_ms(window_ms: number): number {
    return window_ms + (this.#offset?.offset_ms ?? 0);
  }

  async #try(call: Promise<void>): Promise<void> {
    try {
      await call;
    } catch (fault) {
      this.#fault(fault);
    }
  }

  #fault(fault: unknown): void {
    this.#around()?.notices.fault(fault);
  }
}
