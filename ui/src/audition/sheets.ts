// The drawn sheets of the tracks looked at last, so that hopping back shows at once.
import type { TrackSheet } from '../platform/types';

const KEPT = 48;

export class Sheets {
  readonly #load: (track_id: string) => Promise<TrackSheet>;
  readonly #kept = new Map<string, Promise<TrackSheet>>();

  constructor(load: (track_id: string) => Promise<TrackSheet>) {
    this.#load = load;
  }

  of(track_id: string): Promise<TrackSheet> {
    const known = this.#kept.get(track_id);
    const sheet = known ?? this.#load(track_id);
    // Put at the end: the first of the map is the one not looked at for longest.
    this.#kept.delete(track_id);
    this.#kept.set(track_id, sheet);
    if (known === undefined) sheet.catch(() => this.#kept.delete(track_id));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return sheet;
  }
}
