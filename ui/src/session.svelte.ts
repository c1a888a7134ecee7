// What is open: the clip, its rows, what was seen in it, the picks, and the work under way. Everything that the
// engine tells arrives here; components read and call, and never talk to the platform themselves.
import type { Platform } from './platform/platform';
import type { Clip, Clock, Fault, JobProgress, Levels, Look, Pick, RecentClip, Row, Rows, Settings, Start, Told, Wish } from './platform/types';
import { Compare, three } from './session/compare.svelte';
import { ended, progressed } from './session/jobs';
import { Latest } from './session/latest';
import { asFault, Notices } from './session/notices.svelte';
import { Picks } from './session/picks.svelte';
import { apply, settle, type Standing } from './session/standing';
import { Ways } from './session/ways.svelte';
import { WishState } from './session/wish.svelte';

export type FilmPicture = { time_s: number; url: string };
/** Small pictures that are asked of a range when it opens. */
const FILM_PICTURES = 24;

export class Session {
  readonly platform: Platform;
  readonly notices = new Notices();
  readonly wish = new WishState();
  readonly compare = new Compare();
  readonly picked: Picks;
  readonly ways: Ways;

  start = $state.raw<Start | null>(null);
  clip = $state<Clip | null>(null);
  /** Why the last clip could not be opened. */
  unopened = $state.raw<{ path: string; fault: Fault } | null>(null);
  opening = $state<string | null>(null);
  /** What the sound goes through. */
  output = $state.raw<Clock['output']>(null);
  /** What is shown; canvases draw anew when it changes. */
  theme = $state<'dark' | 'light'>('dark');
  /** A folder of clips. */
  bin = $state.raw<{ path: string; clips: RecentClip[] } | null>(null);
  rows = $state.raw<Rows | null>(null);
  look = $state.raw<Look | null>(null);
  film = $state.raw<FilmPicture[]>([]);
  jobs = $state.raw<JobProgress[]>([]);
  /** Between asking for a match and its first rows. */
  matching = $state(false);
  match_fault = $state.raw<Fault | null>(null);
  matched_range_s = $state.raw<[number, number] | null>(null);
  /** The track that the choice should sound like. */
  reference_title = $state<string | null>(null);
  /** The row that is heard and opened. */
  selected = $state.raw<Row | null>(null);
  /** The pointer or the focus is in the list. */
  held = $state(false);
  #standing = $state.raw<Standing>({ shown: [], waiting: null });
  #match = 0;
  #asked: string | null = null;
  #rerank: Latest<Wish, Rows>;
  #sense: Latest<number, Look>;
  /** Where other parts of the window put what went wrong. */
  readonly faults = { push: (fault: Fault) => this.notices.fault(fault) };
  /** The levels as they are heard now; set by the window. */
  levelsNow: () => Levels | null = () => null;
  /** Called with the row that a new match puts first; set by the window. */
  onFirst: (row: Row) => void = () => undefined;

  /** Rows as they are listed: filtered, searched, in an order that stands still under the pointer. */
  readonly listed = $derived(this.#listed());
  readonly refined_waits = $derived(this.#standing.waiting !== null);
  /** The range was moved since it was matched. */
  readonly range_moved = $derived(
    this.matched_range_s !== null && this.clip !== null && this.clip.range_s.some((at_s, index) => Math.abs(at_s - this.matched_range_s![index]!) > 1e-3),
  );

  constructor(platform: Platform) {
    this.platform = platform;
    this.picked = new Picks(platform, this.notices);
    this.ways = new Ways(platform, (error) => this.notices.fault(error));
    this.#rerank = new Latest(
      (wish) => platform.rerank(wish),
      (rows) => this.#takeRows(rows, true),
      (error) => this.notices.fault(error),
    );
    this.#sense = new Latest(
      (sensitivity) => platform.look(sensitivity),
      (look) => (this.look = look),
      (error) => this.notices.fault(error),
    );
  }

  /** How small a change of picture is a cut: the timeline shows it at once, the rows follow. */
  sense(sensitivity: number): void {
    this.wish.sensitivity = sensitivity;
    this.#sense.ask(sensitivity);
    this.changed();
  }

  get picks(): Pick[] {
    return this.picked.list;
  }

  #listed(): Row[] {
    return this.ways.mode === 'matches' ? this.#standing.shown : this.ways.found;
  }

  /** Begins to listen; returns how to stop. */
  begin(): () => void {
    const stop = this.platform.listen((told) => this.#hear(told));
    void this.platform.start().then(
      (start) => {
        this.start = start;
        this.output = start.clock.output;
        requestAnimationFrame(() => performance.mark('interactive'));
        if (start.open) void this.open(start.open);
      },
      (error: unknown) => this.notices.fault(error),
    );
    return stop;
  }

  async open(path: string): Promise<void> {
    this.opening = path;
    this.unopened = null;
    try {
      const clip = await this.platform.openClip(path);
      if (this.opening !== path) return;
      this.#leave();
      this.clip = clip;
      this.wish.takeFrom(clip);
      this.picked.clip = clip.clip;
      this.picked.list = clip.picks;
      const range_s: [number, number] = clip.ask_range ? [0, clip.duration_s] : clip.range_s;
      void this.#ask(this.platform.film(clip.clip, range_s, FILM_PICTURES));
      if (!clip.ask_range) this.match();
    } catch (error) {
      if (this.opening !== path) return;
      const fault = asFault(error);
      if (fault.code === 'is_folder') await this.openBin(path);
      else this.unopened = { path, fault };
    } finally {
      if (this.opening === path) this.opening = null;
    }
  }

  async openBin(path: string): Promise<void> {
    try {
      this.bin = { path, clips: await this.platform.openBin(path) };
      this.close();
    } catch (error) {
      this.notices.fault(error);
    }
  }

  /** What was dropped on the window: a clip, a folder of clips, or several clips of which the first is opened. */
  drop(paths: string[]): void {
    const [first, ...more] = paths;
    if (!first) return;
    performance.mark('dropped');
    const folder = !/\.[A-Za-z0-9]{2,5}$/.test(first);
    if (more.length > 0) this.notices.word(`One clip at a time: opening ${first.split(/[\\/]/).pop()}. Drop their folder to have all of them.`);
    void (folder ? this.openBin(first) : this.open(first));
  }

  async choose(): Promise<void> {
    const path = await this.#ask(this.platform.chooseClip());
    if (path) await this.open(path);
  }

  close(): void {
    this.#leave();
    void this.#ask(this.platform.closeClip());
    void this.#ask(this.platform.recent()).then((recent) => {
      if (recent && this.start) this.start = { ...this.start, recent };
    });
  }

  async forget(clip: string): Promise<void> {
    const recent = await this.#ask(this.platform.forget(clip));
    if (recent && this.start) this.start = { ...this.start, recent };
  }

  /** The range that is to be matched; the match begins at once. */
  chooseRange(range_s: [number, number]): void {
    if (!this.clip) return;
    const whole = this.clip.ask_range;
    this.clip.range_s = range_s;
    this.clip.ask_range = false;
    void this.#ask(this.platform.range(range_s, true));
    if (whole) {
      this.film = [];
      void this.#ask(this.platform.film(this.clip.clip, range_s, FILM_PICTURES));
    }
    this.match();
  }

  match(): void {
    const { clip } = this;
    if (!clip) return;
    this.ways.matches();
    this.compare.end();
    this.#rerank.drop();
    this.matching = true;
    this.match_fault = null;
    this.#standing = { shown: [], waiting: null };
    this.rows = null;
    this.#match += 1;
    const range_s: [number, number] = [...clip.range_s];
    this.matched_range_s = range_s;
    const wish = this.wish.plain();
    this.#asked = JSON.stringify(wish);
    this.platform.match({ clip: clip.clip, range_s, ...wish }).then(
      (match) => (this.#match = Math.max(this.#match, match)),
      (error: unknown) => this.#matchFailed(asFault(error)),
    );
  }

  /** The words, the weights, the filters or the reference changed. */
  changed(): void {
    this.ways.again(this.wish.plain().filters);
    if (this.rows) this.#rerank.ask(this.wish.plain());
  }

  applyOrder(): void {
    this.#standing = apply(this.#standing);
  }

  hold(held: boolean): void {
    this.held = held;
    if (!held) this.applyOrder();
  }

  select(row: Row | null): void {
    this.selected = row;
  }

  toggleCompare(): void {
    if (this.compare.open) this.compare.end();
    else if (this.listed.length > 1) this.compare.begin(three(this.listed, this.picked.saved, Math.random));
  }

  cancel(job: number): void {
    void this.#ask(this.platform.cancel(job));
  }

  async copy(text: string, said: string): Promise<void> {
    try {
      await this.platform.copy(text);
      this.notices.word(said);
    } catch (error) {
      this.notices.fault(error);
    }
  }

  async lookForDevices(): Promise<void> {
    const devices = await this.#ask(this.platform.devices());
    if (devices && this.start) this.start = { ...this.start, devices };
  }

  async changeSettings(part: Partial<Settings>): Promise<void> {
    if (!this.start) return;
    const before = this.start.settings;
    const next = { ...before, levels: this.levelsNow() ?? before.levels, ...part };
    this.start = { ...this.start, settings: next };
    try {
      const settings = await this.platform.settings($state.snapshot(next));
      if (this.start.settings === next) this.start = { ...this.start, settings };
      const looks_anew = (part.pack ?? before.pack) !== before.pack || (part.provider ?? before.provider) !== before.provider;
      if (looks_anew && this.rows) this.notices.word('The rows were found with the settings before', { label: 'Match again', run: () => this.match() });
    } catch (error) {
      this.start = { ...this.start, settings: before };
      this.notices.fault(error);
    }
  }

  /** Answers of calls that only fail; what fails is said. */
  async #ask<T>(call: Promise<T>): Promise<T | null> {
    try {
      return await call;
    } catch (error) {
      this.notices.fault(error);
      return null;
    }
  }

  #leave(): void {
    this.#rerank.drop();
    this.#sense.drop();
    this.ways.matches();
    this.compare.end();
    this.clip = null;
    this.rows = null;
    this.look = null;
    this.film = [];
    this.selected = null;
    this.matching = false;
    this.match_fault = null;
    this.matched_range_s = null;
    this.#standing = { shown: [], waiting: null };
    this.picked.clip = null;
    this.picked.list = [];
  }

  #matchFailed(fault: Fault): void {
    this.matching = false;
    this.match_fault = fault;
  }

  #takeRows(rows: Rows, asked: boolean): void {
    if (!this.clip || rows.match < this.#match) return;
    this.#match = rows.match;
    const first = this.rows === null;
    this.rows = rows;
    this.matching = false;
    this.match_fault = null;
    this.#standing = settle(this.#standing, rows.results, this.held, asked);
    const selected = rows.results.find((row) => row.track_id === this.selected?.track_id);
    if (selected) this.selected = selected;
    const best = rows.results[0];
    if (first && !selected && best) {
      this.selected = best;
      this.onFirst(best);
    }
  }

  #hear(told: Told): void {
    switch (told.kind) {
      case 'progress':
        this.jobs = progressed(this.jobs, told.progress);
        break;
      case 'job_ended':
        this.#jobEnded(told);
        break;
      case 'rows': {
        if (told.rows.match < this.#match) break;
        this.#takeRows(told.rows, false);
        if (told.look) this.look = told.look;
        // The engine ranked by what was asked when the match began.
        const wish = this.wish.plain();
        if (this.#asked !== JSON.stringify(wish)) this.#rerank.ask(wish);
        break;
      }
      case 'film':
        if (told.clip === this.clip?.clip) {
          this.film = [...this.film.filter((picture) => picture.time_s !== told.time_s), { time_s: told.time_s, url: told.url }].sort((a, b) => a.time_s - b.time_s);
        }
        break;
      case 'picture':
        if (this.clip && told.clip === this.clip.clip) this.clip.picture = told.picture;
        break;
      case 'clock':
        this.output = told.clock.output;
        if (this.clip && !this.clip.ask_range && told.clock.range_s[1] > 0) this.clip.range_s = told.clock.range_s;
        break;
      case 'device':
        this.output = told.output;
        void this.lookForDevices();
        this.notices.settled('device_lost');
        if (told.lost) this.notices.fault({ code: 'device_lost', message: `The sound device ‘${told.lost}’ is gone.`, hint: told.output ? `Sound goes on through ${told.output.name}.` : 'Connect one, or choose another in Settings.' });
        break;
      case 'track_failed':
        this.notices.fault({ code: 'track_failed', message: told.message, hint: 'Hop to another track; index its folder again if the file was moved.' });
        break;
      case 'catalog':
        if (this.start) this.start = { ...this.start, catalog: told.catalog };
        break;
      case 'open':
        void this.open(told.path);
        break;
    }
  }

  #jobEnded({ job, job_kind, fault, cancelled }: Extract<Told, { kind: 'job_ended' }>): void {
    this.jobs = ended(this.jobs, job);
    if (job_kind === 'match' && fault && this.matching) this.#matchFailed(fault);
    else if (fault) this.notices.fault(fault);
    if (job_kind === 'match' && cancelled && !this.rows) this.matching = false;
    if (job_kind === 'index' && !fault && this.rows) this.notices.word('New music was heard', { label: 'Match again', run: () => this.match() });
    if (job_kind === 'pack' && !fault && !cancelled && this.start) {
      const name = this.start.settings.pack;
      this.start = { ...this.start, packs: this.start.packs.map((pack) => (pack.name === name ? { ...pack, ready: true, missing: [] } : pack)) };
    }
  }
}
