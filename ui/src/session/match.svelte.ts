// The match of the open clip: its report in two answers (first rows, then refined by cuts and motion), and the new
// rankings that a changed brief asks for.
import { LatestCall } from '../platform/latest-call';
import type { Platform } from '../platform/platform';
import { rowsOfMatch } from '../platform/rows';
import type { Brief, Clip, ClipReport, Fault, Row, Rows } from '../platform/types';
import type { BriefState } from './brief.svelte';
import { asFault, type Notices } from './notices.svelte';
import type { TrackList } from './track-list.svelte';

type Parts = { platform: Platform; notices: Notices; brief: BriefState; list: TrackList; clip: () => Clip | null };
type Rerank = { clip: string; brief: Brief };

export class MatchState {
  report = $state.raw<Rows | null>(null);
  /** Cuts, motion and sound of the clip's range. */
  clip_report = $state.raw<ClipReport | null>(null);
  /** A match was started and its first rows have not arrived. */
  running = $state(false);
  fault = $state.raw<Fault | null>(null);
  #range_s = $state.raw<[number, number] | null>(null);
  #number = 0;
  /** The brief that the running match was started with. */
  #brief_sent = '';
  readonly #parts: Parts;
  readonly #onFirstRow: (row: Row) => void;
  readonly #reranks: LatestCall<Rerank, Rows>;
  readonly #clip_reports: LatestCall<{ clip: string; sensitivity: number }, ClipReport>;

  /** The range was changed since it was matched. */
  readonly range_changed = $derived.by(() => {
    const matched_s = this.#range_s;
    const clip = this.#parts.clip();
    return matched_s !== null && clip !== null && clip.range_s.some((at_s, index) => Math.abs(at_s - matched_s[index]!) > 1e-3);
  });

  /** `onFirstRow` is called with the best row of each new match. */
  constructor(parts: Parts, onFirstRow: (row: Row) => void) {
    const { platform, notices } = parts;
    this.#parts = parts;
    this.#onFirstRow = onFirstRow;
    this.#reranks = new LatestCall(({ clip, brief }) => platform.rerank(clip, brief), (rows) => this.#take(rows, true), notices.fault);
    this.#clip_reports = new LatestCall(
      ({ clip, sensitivity }) => platform.clipReport(clip, sensitivity),
      (report) => (this.clip_report = report),
      notices.fault,
    );
  }

  start(): void {
    const { platform, brief, list } = this.#parts;
    const clip = this.#parts.clip();
    if (!clip) return;
    this.#reranks.drop();
    list.clearMatches();
    this.running = true;
    this.fault = null;
    this.report = null;
    this.#number += 1;
    const range_s: [number, number] = [...clip.range_s];
    this.#range_s = range_s;
    const sent = brief.request();
    this.#brief_sent = JSON.stringify(sent);
    platform.match({ clip: clip.clip, range_s, brief: sent }).then(
      (number) => (this.#number = Math.max(this.#number, number)),
      (error: unknown) => this.#failed(asFault(error)),
    );
  }

  /** The words, the weights, the filters or the reference changed. */
  briefChanged(): void {
    const clip = this.#parts.clip();
    if (this.report && clip) void this.#reranks.send({ clip: clip.clip, brief: this.#parts.brief.request() });
  }

  /** The timeline shows the other cuts at once; the new ranking follows. */
  setSensitivity(sensitivity: number): void {
    this.#parts.brief.sensitivity = sensitivity;
    const clip = this.#parts.clip();
    if (clip) void this.#clip_reports.send({ clip: clip.clip, sensitivity });
    this.briefChanged();
  }

  /** One of the two answers of a match. */
  rowsArrived(rows: Rows, clip_report: ClipReport | null): void {
    if (rows.match < this.#number) return;
    this.#take(rows, false);
    if (clip_report) this.clip_report = clip_report;
    // The engine ranked with the brief that the match was started with.
    if (this.#brief_sent !== JSON.stringify(this.#parts.brief.request())) this.briefChanged();
  }

  /** The job of the match ended; true where its fault is shown here. */
  ended(fault: Fault | null, cancelled: boolean): boolean {
    if (fault && this.running) {
      this.#failed(fault);
      return true;
    }
    if (cancelled && !this.report) this.running = false;
    return false;
  }

  clear(): void {
    this.#reranks.drop();
    this.#clip_reports.drop();
    this.report = null;
    this.clip_report = null;
    this.running = false;
    this.fault = null;
    this.#range_s = null;
    this.#parts.list.clearMatches();
    this.#parts.list.selected = null;
  }

  #failed(fault: Fault): void {
    this.running = false;
    this.fault = fault;
  }

  #take(rows: Rows, requested: boolean): void {
    const { list } = this.#parts;
    if (!this.#parts.clip() || rows.match < this.#number) return;
    this.#number = rows.match;
    const is_first = this.report === null;
    this.report = rows;
    this.running = false;
    this.fault = null;
    const listed = rowsOfMatch(rows);
    list.setMatches(listed, requested);
    const best = listed[0];
    if (!is_first || !best || listed.some((row) => row.track_id === list.selected?.track_id)) return;
    list.selected = best;
    this.#onFirstRow(best);
  }
}
