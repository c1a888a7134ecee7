// What is heard: the engine's clock followed here, and the calls that move it.
import type { Platform } from '../platform/platform';
import type { Clock, Levels, TrackSheet } from '../platform/types';

export class Audition {
  readonly platform: Platform;
  clock = $state<Clock | null>(null);
  levels = $state<Levels>({ music: 0.9, clip: 0.5, duck: true, match_loudness: true });
  /** The selected track, as the timeline draws it. */
  sheet = $state<TrackSheet | null>(null);
  /** Where the selected track starts at the in-point, in seconds of the track; the editor's own where he moved it. */
  start_s = $state(0);

  constructor(platform: Platform) {
    this.platform = platform;
  }
}
