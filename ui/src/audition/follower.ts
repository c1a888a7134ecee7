// Keeps a <video> in sync with the sound: compares each shown frame with the engine's clock and does what `follow.ts`
// decides. While paused it shows exactly the frame at the position; while dragged, the newest frame available.
//
// A jump while playing is aimed: the picture seeks to where the sound will be shortly, is held there until its frame is
// decoded, and released when the sound arrives. The varying duration of a seek then does not matter.
import type { Audition } from './audition.svelte';
import { begun, correct, disturbed, JOLTED, jolting, type FollowState } from './follow';
import { frameAt, frameLength_s, frameMiddle_s } from './frames';
import { offset_ms } from './position';

/** Above this rate decoders are too slow; the picture then seeks after the sound, as while dragged. */
const FASTEST_PLAYED = 4;
/** A change of position larger than this is a jump. */
const JUMP_S = 0.06;
/** After this time without a new frame the player's own position is read, ms. */
const SILENT_MS = 300;
const TELL_EVERY_MS = 400;
/** Expected duration of a seek before one was measured, and its upper limit, ms. */
const SEEK_MS = 120;
const SEEK_MOST_MS = 1500;
/**
 * The picture stops this long before its end: WebKitGTK dismantles a player that has ended, and sometimes fails to
 * restore it.
 */
const END_S = 0.1;
/** A seek that takes this long has hung; the video is loaded again. */
const STUCK_MS = 4000;
/** A release later than this is not used to measure how long a release takes. */
const LATE_MS = 4;
/**
 * If seeks are slower than this, dragging shows near frames first where the player can. After each seek the picture
 * rests for as long as the seek took, so that the playhead gets half of the processor's time.
 */
const SLOW_SEEK_MS = 60;

export class Follower {
  readonly #video: HTMLVideoElement;
  readonly #audition: Audition;
  #state: FollowState;
  #stopped = false;
  #tick = 0;
  #frame = 0;
  #seek_began_ms: number | null = null;
  #seek_took_ms = 0;
  #seek_ended_ms = -Infinity;
  #asked: { frame: number; exact: boolean } | null = null;
  #ahead: { at_ms: number; position_s: number; rate: number } | null = null;
  /** When an aimed picture is released. */
  #due_ms: number | null = null;
  #release = 0;
  /** Duration that nearly all seeks stay below. */
  #aim_ms = SEEK_MS;
  #frame_ms = 0;
  #polled_s = -1;
  #told_ms = 0;
  readonly #on_seeked = () => this.#seeked();
  readonly #on_ready = () => this.#ready();

  constructor(video: HTMLVideoElement, audition: Audition) {
    this.#video = video;
    this.#audition = audition;
    this.#state = begun(performance.now(), 30, flushesForRates() ? JOLTED : 0);
    video.addEventListener('seeked', this.#on_seeked);
    video.addEventListener('loadeddata', this.#on_ready);
    this.#listenFrames();
    this.poke();
  }

  stop(): void {
    this.#stopped = true;
    cancelAnimationFrame(this.#tick);
    clearTimeout(this.#release);
    if (this.#frame !== 0) this.#video.cancelVideoFrameCallback?.(this.#frame);
    this.#video.removeEventListener('seeked', this.#on_seeked);
    this.#video.removeEventListener('loadeddata', this.#on_ready);
    this.#video.pause();
  }

  /** Checks again at the next refresh, because something moved. */
  poke(): void {
    if (this.#tick !== 0 || this.#stopped) return;
    this.#tick = requestAnimationFrame((now_ms) => {
      this.#tick = 0;
      this.#look(now_ms);
    });
  }

  #look(now_ms: number): void {
    const [audition, video] = [this.#audition, this.#video];
    if (audition.clock === null || video.readyState < HTMLMediaElement.HAVE_METADATA) return;
    if (video.seeking && this.#seek_began_ms !== null && now_ms - this.#seek_began_ms > STUCK_MS) {
      this.#seek_began_ms = null;
      this.#letGo();
      video.load();
      return;
    }
    const moving = audition.playing && !audition.scrubbing;
    if (!moving) {
      this.#ahead = null;
      this.#letGo();
      this.#still(audition.position_s);
      this.#tell(now_ms, null);
      // Nothing moves; the next check only waits for the end of the seek.
      clearTimeout(this.#release);
      if (video.seeking) this.#release = window.setTimeout(() => this.poke(), STUCK_MS + 100);
      return;
    }
    if (audition.rate <= 0 || audition.rate > FASTEST_PLAYED) {
      this.#letGo();
      this.#still(audition.positionAt(now_ms));
    } else this.#play(now_ms);
    this.poke();
  }

  /** Shows pictures without playing: one seek at a time, the newest request wins. */
  #still(position_s: number): void {
    const video = this.#video;
    if (!video.paused) {
      video.pause();
      this.#asked = null;
    }
    if (video.seeking) return;
    const fps = this.#audition.fps;
    const frame = frameAt(position_s, fps);
    const same = this.#asked?.frame === frame;
    if (same && this.#asked?.exact) return;
    const rest_ms = this.#audition.scrubbing && this.#seek_took_ms > SLOW_SEEK_MS ? this.#seek_ended_ms + this.#seek_took_ms - performance.now() : 0;
    if (rest_ms > 1) {
      clearTimeout(this.#release);
      this.#release = window.setTimeout(() => this.poke(), rest_ms);
      return;
    }
    const near_will_do = !same && (this.#audition.scrubbing || this.#audition.playing) && this.#seek_took_ms > SLOW_SEEK_MS;
    const fast = near_will_do && typeof video.fastSeek === 'function';
    this.#asked = { frame, exact: !fast };
    this.#goTo(frameMiddle_s(frame, fps), fast);
  }

  #play(now_ms: number): void {
    const video = this.#video;
    const audition = this.#audition;
    this.#asked = null;
    if (audition.seek_target_s !== null) return;
    const jumped = this.#jumped(now_ms);
    const ahead_ms = now_ms + this.#lead_ms;
    this.#ahead = { at_ms: ahead_ms, position_s: audition.positionAt(ahead_ms), rate: audition.rate };
    if (jumped) return this.#jump(now_ms);
    if (this.#due_ms !== null) return;
    if (Number.isFinite(video.duration) && Math.max(video.currentTime, audition.positionAt(now_ms)) > video.duration - END_S) return video.pause();
    if (video.paused) return this.#start(now_ms);
    if (audition.rate !== this.#state.rate) this.#begin(now_ms);
    if (!video.seeking) this.#poll(now_ms);
  }

  /** Time from a jump's request until the picture plays again. */
  get #lead_ms(): number {
    return this.#aim_ms + this.#state.lag_ms;
  }

  /** The time by which a loop's seam is looked for ahead, so that picture and sound jump together. */
  #jumped(now_ms: number): boolean {
    const before = this.#ahead;
    const { rate } = this.#audition;
    if (before === null || before.rate !== rate) return false;
    const ahead_ms = now_ms + this.#lead_ms;
    const expected_s = before.position_s + ((ahead_ms - before.at_ms) / 1000) * rate;
    return Math.abs(this.#audition.positionAt(ahead_ms) - expected_s) > JUMP_S * rate;
  }

  /** Plays at the sound's rate; only frames from now on are measured. */
  #begin(now_ms: number): void {
    this.#state = { ...disturbed(this.#state, now_ms, 'start'), rate: this.#audition.rate };
    this.#setRate(this.#audition.rate);
  }

  #start(now_ms: number): void {
    const video = this.#video;
    const away_ms = Math.abs(offset_ms(video.currentTime, this.#audition.positionAt(now_ms), this.#audition.clock!));
    const near_ms = jolting(this.#state) ? 0 : 80 + 1000 * frameLength_s(this.#audition.fps);
    if (away_ms > near_ms) return this.#jump(now_ms);
    this.#begin(now_ms);
    this.#frame_ms = now_ms;
    this.#run();
  }

  #jump(now_ms: number): void {
    this.#setRate(this.#audition.rate);
    this.#state = { ...disturbed(this.#state, now_ms, 'seek'), rate: this.#audition.rate };
    this.#aim(now_ms);
  }

  #aim(now_ms: number): void {
    this.#letGo();
    this.#audition.telemetry.seeks += 1;
    this.#due_ms = now_ms + this.#aim_ms;
    if (!this.#video.paused) this.#video.pause();
    this.#goTo(this.#audition.positionAt(now_ms + this.#lead_ms), false);
  }

  /** The aimed picture has its frame: it is released at its time. */
  #arrived(): void {
    const early_ms = (this.#due_ms ?? 0) - performance.now();
    const release = () => {
      this.#due_ms = null;
      const now_ms = performance.now();
      const judging = early_ms < -LATE_MS ? null : 'seek';
      this.#state = { ...disturbed(this.#state, now_ms, 'seek'), judging, rate: this.#audition.rate };
      this.#frame_ms = now_ms;
      this.#run();
      this.poke();
    };
    clearTimeout(this.#release);
    if (early_ms > 1) this.#release = window.setTimeout(release, early_ms);
    else release();
  }

  #letGo(): void {
    clearTimeout(this.#release);
    this.#due_ms = null;
  }

  #run(): void {
    // The page may not play yet; the next check tries again.
    this.#video.play().catch(() => undefined);
  }

  #goTo(to_s: number, fast: boolean): void {
    const video = this.#video;
    const last_s = Number.isFinite(video.duration) ? Math.max(0, video.duration - frameLength_s(this.#audition.fps) / 2) : Infinity;
    const at_s = Math.min(last_s, Math.max(0, to_s));
    this.#seek_began_ms = performance.now();
    if (fast) video.fastSeek(at_s);
    else video.currentTime = at_s;
  }

  #seeked(): void {
    const now_ms = performance.now();
    if (this.#seek_began_ms !== null) this.#seek_took_ms = now_ms - this.#seek_began_ms;
    this.#seek_began_ms = null;
    this.#seek_ended_ms = now_ms;
    this.#frame_ms = now_ms;
    if (this.#due_ms !== null && !this.#video.seeking) {
      const took_ms = Math.min(SEEK_MOST_MS, 1.1 * this.#seek_took_ms + 10);
      this.#aim_ms = took_ms > this.#aim_ms ? took_ms : 0.85 * this.#aim_ms + 0.15 * took_ms;
      this.#arrived();
    }
    this.poke();
  }

  #ready(): void {
    this.#asked = null;
    this.poke();
  }

  #listenFrames(): void {
    if (typeof this.#video.requestVideoFrameCallback !== 'function') return;
    this.#frame = this.#video.requestVideoFrameCallback((now_ms, shown) => {
      if (this.#stopped) return;
      this.#listenFrames();
      this.#frame_ms = performance.now();
      // Some players leave the display time out or give it on another clock.
      const known = Math.abs(shown.expectedDisplayTime - now_ms) < 100;
      this.#measured(known ? shown.expectedDisplayTime : now_ms, shown.mediaTime);
    });
  }

  /** The player's own position, for players without frame callbacks and for pauses between frames. */
  #poll(now_ms: number): void {
    const silent = now_ms - this.#frame_ms > SILENT_MS;
    if (typeof this.#video.requestVideoFrameCallback === 'function' && !silent) return;
    if (silent && this.#video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return;
    const at_s = this.#video.currentTime;
    if (at_s === this.#polled_s && !silent) return;
    this.#polled_s = at_s;
    this.#measured(now_ms, at_s);
  }

  #measured(at_ms: number, picture_s: number): void {
    const audition = this.#audition;
    const video = this.#video;
    if (audition.clock === null || !audition.playing || audition.scrubbing || audition.seek_target_s !== null) return;
    if (video.paused || video.seeking || audition.rate <= 0 || audition.rate > FASTEST_PLAYED) return;
    // A last frame from before the jump; the next check seeks.
    if (this.#jumped(performance.now())) return;
    const off_ms = offset_ms(picture_s, audition.positionAt(at_ms), audition.clock);
    audition.telemetry.saw(at_ms, off_ms);
    this.#tell(at_ms, off_ms);
    const [correction, state] = correct({ at_ms, offset_ms: off_ms, rate: audition.rate }, this.#state);
    this.#state = state;
    if (correction === null) return;
    if ('seek' in correction) {
      this.#setRate(audition.rate);
      this.#aim(performance.now());
      this.#ahead = null;
    } else {
      this.#setRate(correction.playbackRate);
    }
  }

  #setRate(rate: number): void {
    if (Math.abs(this.#video.playbackRate - rate) < 1e-4) return;
    this.#video.playbackRate = rate;
    this.#audition.telemetry.rate_changes += 1;
  }

  #tell(now_ms: number, off_ms: number | null): void {
    const { telemetry } = this.#audition;
    if (off_ms !== null && now_ms - this.#told_ms < TELL_EVERY_MS) return;
    this.#told_ms = now_ms;
    telemetry.lag_ms = this.#state.lag_ms;
    telemetry.jolting = jolting(this.#state);
    telemetry.dropped_frames = this.#video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0;
    this.#audition.av_offset_ms = off_ms === null ? null : telemetry.recent_ms(now_ms);
  }
}

/** WebKitGTK's player seeks at each change of its rate. This is known in advance and is not learned from the first clip. */
function flushesForRates(): boolean {
  return /Linux.*AppleWebKit/.test(navigator.userAgent) && !/Chrom/.test(navigator.userAgent);
}
