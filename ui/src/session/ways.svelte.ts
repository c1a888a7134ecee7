// The other two ways into the same list: searching by words, and more like a track.
import type { Platform } from '../platform/platform';
import type { Filters, Row } from '../platform/types';
import { Latest } from './latest';

export type Mode = 'matches' | 'search' | 'similar';
type Ask = { mode: 'search'; text: string; filters: Filters } | { mode: 'similar'; track: string; filters: Filters };

export class Ways {
  mode = $state<Mode>('matches');
  text = $state('');
  like = $state<Row | null>(null);
  found = $state.raw<Row[]>([]);
  busy = $state(false);
  #latest: Latest<Ask, Row[]>;

  constructor(platform: Platform, fail: (error: unknown) => void) {
    this.#latest = new Latest(
      (ask) => (ask.mode === 'search' ? platform.search(ask.text, ask.filters) : platform.similar(ask.track, ask.filters)),
      (rows) => {
        this.found = rows;
        this.busy = false;
      },
      (error) => {
        this.busy = false;
        fail(error);
      },
    );
  }

  matches(): void {
    this.#latest.drop();
    this.mode = 'matches';
  }

  search(text: string, filters: Filters): void {
    if (this.mode !== 'search') this.found = [];
    this.mode = 'search';
    this.text = text;
    if (text.trim()) this.#ask({ mode: 'search', text: text.trim(), filters });
    else {
      this.#latest.drop();
      this.found = [];
      this.busy = false;
    }
  }

  similar(row: Row, filters: Filters): void {
    this.mode = 'similar';
    this.like = row;
    this.found = [];
    this.#ask({ mode: 'similar', track: row.track_id, filters });
  }

  /** The filters changed: what is listed is asked again. */
  again(filters: Filters): void {
    if (this.mode === 'search' && this.text.trim()) this.#ask({ mode: 'search', text: this.text.trim(), filters });
    if (this.mode === 'similar' && this.like) this.#ask({ mode: 'similar', track: this.like.track_id, filters });
  }

  #ask(ask: Ask): void {
    this.busy = true;
    this.#latest.ask(ask);
  }
}
