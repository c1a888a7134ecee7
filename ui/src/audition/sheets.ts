// The track timelines that were shown last, so that a hop back shows its track at once.
import type { TrackTimeline } from '../platform/types';

const KEPT = 48;

export class Sheets {
  readonly #load: (track_id: string) => Promise<TrackTimeline>;
  readonly #kept = new Map<string, Promise<TrackTimeline>>();

  constructor(load: (track_id: string) => Promise<TrackTimeline>) {
    this.#load = load;
  }

  of(track_id: string): Promise<TrackTimeline> {
    const known = this.#kept.get(track_id);
    const sheet = known ?? this.#load(track_id);
    // Inserted at the end: the first entry of the map is the least recently used one.
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
