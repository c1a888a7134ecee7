// The open clip, its filmstrip, and the folder of clips that it may be chosen from.
import type { Platform } from '../platform/platform';
import type { Clip, Fault, Picture, RecentClip } from '../platform/types';
import { asFault, type Notices } from './notices.svelte';

export type FilmPicture = { time_s: number; url: string };
/** Pictures of the filmstrip that are asked for when a range opens. */
const FILM_PICTURES = 24;

export type ClipCallbacks = {
  onOpened: (clip: Clip) => void;
  onClosed: () => void;
  /** A range was chosen for a clip that is too long to be matched whole. */
  onRangeChosen: () => void;
};

export class ClipState {
  current = $state<Clip | null>(null);
  /** The path that is being opened. */
  opening = $state<string | null>(null);
  /** The last path that could not be opened, and why. */
  failed = $state.raw<{ path: string; fault: Fault } | null>(null);
  /** A folder of clips. */
  bin = $state.raw<{ path: string; clips: RecentClip[] } | null>(null);
  film = $state.raw<FilmPicture[]>([]);
  #attempt = 0;
  readonly #platform: Platform;
  readonly #notices: Notices;
  readonly #callbacks: ClipCallbacks;

  constructor(platform: Platform, notices: Notices, callbacks: ClipCallbacks) {
    this.#platform = platform;
    this.#notices = notices;
    this.#callbacks = callbacks;
  }

  /** Opens a clip, or a folder as a bin. Of two calls the later one counts, whichever is answered first. */
  async open(path: string): Promise<void> {
    const attempt = ++this.#attempt;
    this.opening = path;
    this.failed = null;
    try {
      const opened = await this.#platform.openPath(path);
      if (attempt !== this.#attempt) return;
      if (opened.kind === 'clip') this.#opened(opened.clip);
      if (opened.kind === 'bin') {
        this.bin = { path: opened.path, clips: opened.clips };
        this.close();
      }
    } catch (error) {
      if (attempt === this.#attempt) this.failed = { path, fault: asFault(error) };
    } finally {
      if (attempt === this.#attempt) this.opening = null;
    }
  }

  /** Opens the first of the dropped paths. */
  drop(paths: string[]): void {
    const [first, ...more] = paths;
    if (!first) return;
    performance.mark('dropped');
    if (more.length > 0) this.#notices.message(`Only one clip can be open: opening ${fileName(first)}. Drop a folder to list all its clips.`);
    void this.open(first);
  }

  async choose(): Promise<void> {
    const path = await this.#notices.orFault(this.#platform.chooseClip());
    if (path) await this.open(path);
  }

  close(): void {
    this.current = null;
    this.film = [];
    this.#callbacks.onClosed();
    void this.#notices.orFault(this.#platform.closeClip());
  }

  closeBin(): void {
    this.bin = null;
  }

  dismissFailure(): void {
    this.failed = null;
  }

  /** The range of a clip that is too long to be matched whole. */
  chooseRange(range_s: [number, number]): void {
    const clip = this.current;
    if (!clip) return;
    const was_asked = clip.ask_range;
    clip.range_s = range_s;
    clip.ask_range = false;
    void this.#notices.orFault(this.#platform.range(clip.clip, range_s, true));
    if (was_asked) {
      this.film = [];
      this.#requestFilm(clip.clip, range_s);
    }
    this.#callbacks.onRangeChosen();
  }

  /** The range as the engine plays it. */
  rangeChanged(clip: string | null, range_s: [number, number]): void {
    if (this.current?.clip === clip && !this.current.ask_range && range_s[1] > 0) this.current.range_s = range_s;
  }

  pictureChanged(clip: string, picture: Picture): void {
    if (this.current?.clip === clip) this.current.picture = picture;
  }

  addFilmPicture(clip: string, picture: FilmPicture): void {
    if (clip !== this.current?.clip) return;
    this.film = [...this.film.filter(({ time_s }) => time_s !== picture.time_s), picture].sort((a, b) => a.time_s - b.time_s);
  }

  #opened(clip: Clip): void {
    this.current = clip;
    this.film = [];
    this.#requestFilm(clip.clip, clip.ask_range ? [0, clip.duration_s] : clip.range_s);
    this.#callbacks.onOpened(clip);
  }

  #requestFilm(clip: string, range_s: [number, number]): void {
    void this.#notices.orFault(this.#platform.film(clip, range_s, FILM_PICTURES));
  }
}

export const fileName = (path: string): string => path.split(/[\\/]/).pop() || path;
