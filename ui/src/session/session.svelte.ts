// Everything that is open in the window, and the events of the engine that change it. Components read these states
// and call their methods.
import type { Platform } from '../platform/platform';
import { indexedSummary } from '../format/indexed';
import type { Clip, EngineEvent, Indexed, Row } from '../platform/types';
import { AppState } from './app.svelte';
import { BriefState } from './brief.svelte';
import { CatalogSearch } from './catalog-search.svelte';
import { ClipState } from './clip.svelte';
import { Compare, tracksToCompare } from './compare.svelte';
import { MatchState } from './match.svelte';
import { Notices } from './notices.svelte';
import { Picks } from './picks.svelte';
import { TrackList } from './track-list.svelte';

export class Session {
  readonly platform: Platform;
  readonly notices = new Notices();
  readonly brief = new BriefState();
  readonly compare = new Compare();
  readonly app: AppState;
  readonly clip: ClipState;
  readonly search: CatalogSearch;
  readonly list: TrackList;
  readonly match: MatchState;
  readonly picks: Picks;

  /** `onFirstRow` is called with the best row of each new match. */
  constructor(platform: Platform, onFirstRow: (row: Row) => void) {
    const { notices, brief } = this;
    this.platform = platform;
    this.app = new AppState(platform, notices, { onEncoderChanged: () => this.#suggestMatch('These rows were found with the earlier settings') });
    this.picks = new Picks(platform, notices);
    this.search = new CatalogSearch(platform, notices.fault);
    this.list = new TrackList(this.search);
    this.match = new MatchState({ platform, notices, brief, list: this.list, clip: () => this.clip.current }, onFirstRow);
    this.clip = new ClipState(platform, notices, {
      onOpened: (clip) => this.#opened(clip),
      onClosed: () => {
        this.#clear();
        void this.app.refreshRecent();
      },
      onRangeChosen: () => this.startMatch(),
    });
  }

  /** Listens to the engine and loads what is needed at the start; returns how to stop listening. */
  begin(): () => void {
    const stop = this.platform.listen((event) => this.#handle(event));
    void this.app.load().then((start) => {
      requestAnimationFrame(() => performance.mark('interactive'));
      if (start?.open) void this.clip.open(start.open);
    });
    return stop;
  }

  startMatch(): void {
    this.search.showMatches();
    this.compare.end();
    this.match.start();
  }

  /** The words, the weights, the filters or the reference changed: ranks and searches again. */
  briefChanged(): void {
    this.search.refresh(this.brief.request().filters);
    this.match.briefChanged();
  }

  searchWords(text: string): void {
    this.search.byWords(text, this.brief.request().filters);
  }

  searchSimilar(row: Row): void {
    this.search.similarTo(row, this.brief.request().filters);
  }

  toggleCompare(): void {
    if (this.compare.open) this.compare.end();
    else if (this.list.rows.length > 1) this.compare.begin(tracksToCompare(this.list.rows, this.picks.track_ids, Math.random));
  }

  /** Shows the file of a track in its folder. */
  reveal(track_id: string): void {
    void this.notices.orFault(this.platform.reveal(track_id));
  }

  /** Starts dragging the file of a track out of the window. */
  drag(track_id: string): void {
    void this.notices.orFault(this.platform.drag(track_id));
  }

  #opened(clip: Clip): void {
    this.#clear();
    this.brief.restore(clip);
    this.picks.setClip(clip.clip, clip.picks);
    if (!clip.ask_range) this.startMatch();
  }

  #clear(): void {
    this.search.showMatches();
    this.compare.end();
    this.match.clear();
    this.picks.setClip(null, []);
  }

  #suggestMatch(message: string): void {
    if (this.match.report) this.notices.message(message, { label: 'Match again', run: () => this.startMatch() });
  }

  #handle(event: EngineEvent): void {
    switch (event.kind) {
      case 'progress':
        return this.app.progress(event.progress);
      case 'job_ended':
        return this.#jobEnded(event);
      case 'rows':
        return this.match.rowsArrived(event.rows, event.report);
      case 'film':
        return this.clip.addFilmPicture(event.clip, { time_s: event.time_s, url: event.url });
      case 'picture':
        return this.clip.pictureChanged(event.clip, event.picture);
      case 'clock':
        this.app.output = event.clock.output;
        return this.clip.rangeChanged(event.clock.clip, event.clock.range_s);
      case 'device':
        return this.app.deviceChanged(event.output, event.lost);
      case 'track_failed':
        return this.notices.fault({ code: 'track_failed', message: event.message, hint: 'Choose another track. If its file was moved, index its folder again.' });
      case 'catalog':
        return this.app.setCatalog(event.catalog);
      case 'indexed':
        return this.#indexed(event.indexed);
      case 'open':
        return void this.clip.open(event.path);
      case 'not_saved':
        return this.notices.fault(event.fault);
      case 'ended':
    }
  }

  #indexed(indexed: Indexed): void {
    this.app.indexed = indexed;
    const summary = indexedSummary(indexed);
    if (indexed.added > 0 && this.match.report) this.#suggestMatch(summary);
    else this.notices.message(summary);
  }

  #jobEnded({ job, job_kind, fault, cancelled }: Extract<EngineEvent, { kind: 'job_ended' }>): void {
    this.app.jobEnded(job);
    const shown = job_kind === 'match' && this.match.ended(fault, cancelled);
    if (fault && !shown) this.notices.fault(fault);
    if (job_kind === 'pack' && !fault && !cancelled) this.app.packFetched();
  }
}
