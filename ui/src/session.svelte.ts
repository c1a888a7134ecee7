// What is open: the clip, its rows, what was seen in it, the picks, and the work under way. Everything that the
// engine tells arrives here; components read and call, and never talk to the platform themselves.
import type { Platform } from './platform/platform';
import type { Clip, Fault, JobProgress, Look, Pick, Row, Rows, Start } from './platform/types';

export type FilmPicture = { time_s: number; url: string };

export class Session {
  readonly platform: Platform;
  start = $state<Start | null>(null);
  clip = $state<Clip | null>(null);
  rows = $state<Rows | null>(null);
  /** Rows as they are listed: filtered, searched, in an order that stands still under the pointer. */
  listed = $state<Row[]>([]);
  look = $state<Look | null>(null);
  film = $state<FilmPicture[]>([]);
  picks = $state<Pick[]>([]);
  jobs = $state<JobProgress[]>([]);
  faults = $state<Fault[]>([]);

  constructor(platform: Platform) {
    this.platform = platform;
  }
}
