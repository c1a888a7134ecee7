// The other two ways to fill the list: tracks found by words, and tracks similar to one track.
import { LatestCall } from '../platform/latest-call';
import type { Platform } from '../platform/platform';
import { rowsOfSearch } from '../platform/rows';
import type { Filters, FoundRows, Row, WordDoc } from '../platform/types';

export type Mode = 'matches' | 'words' | 'similar';
type Request = { mode: 'words'; text: string; filters: Filters } | { mode: 'similar'; track: string; filters: Filters };

export class CatalogSearch {
  /** What the list shows: the matches of the clip, or the results of a search. */
  mode = $state<Mode>('matches');
  text = $state('');
  similar_to = $state.raw<Row | null>(null);
  results = $state.raw<Row[]>([]);
  /** What each word of the shown search became. */
  words = $state.raw<WordDoc[]>([]);
  busy = $state(false);
  readonly #calls: LatestCall<Request, FoundRows>;

  constructor(platform: Platform, onError: (error: unknown) => void) {
    this.#calls = new LatestCall(
      (request) => (request.mode === 'words' ? platform.search(request.text, request.filters) : platform.similar(request.track, request.filters)),
      (found) => {
        this.results = rowsOfSearch(found);
        this.words = found.words;
        this.busy = false;
      },
      (error) => {
        this.busy = false;
        onError(error);
      },
    );
  }

  showMatches(): void {
    this.#calls.drop();
    this.mode = 'matches';
    this.busy = false;
  }

  byWords(text: string, filters: Filters): void {
    if (this.mode !== 'words') this.results = [];
    this.mode = 'words';
    this.text = text;
    if (text.trim()) {
      this.#send({ mode: 'words', text: text.trim(), filters });
    } else {
      this.#calls.drop();
      this.results = [];
      this.words = [];
      this.busy = false;
    }
  }

  similarTo(row: Row, filters: Filters): void {
    this.mode = 'similar';
    this.similar_to = row;
    this.results = [];
    this.#send({ mode: 'similar', track: row.track_id, filters });
  }

  /** Runs the shown search again with other filters. */
  refresh(filters: Filters): void {
    if (this.mode === 'words' && this.text.trim()) this.#send({ mode: 'words', text: this.text.trim(), filters });
    if (this.mode === 'similar' && this.similar_to) this.#send({ mode: 'similar', track: this.similar_to.track_id, filters });
  }

  #send(request: Request): void {
    this.busy = true;
    void this.#calls.send(request);
  }
}
