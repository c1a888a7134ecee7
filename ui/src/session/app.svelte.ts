// What belongs to the application and not to one clip: settings, catalog, packs, sound devices, running jobs.
import type { Platform } from '../platform/platform';
import type { CatalogState, Clock, Indexed, JobProgress, Settings, Start } from '../platform/types';
import { withoutJob, withProgress, type RunningJob } from './jobs';
import type { Notices } from './notices.svelte';

export type AppCallbacks = {
  /** The pack or the provider was changed: matches made so far are of the earlier one. */
  onEncoderChanged: () => void;
};

export class AppState {
  /** What the shell sent at the start, with every change since. */
  start = $state.raw<Start | null>(null);
  /** The sound device in use. */
  output = $state.raw<Clock['output']>(null);
  /** The theme that is shown; canvases redraw when it changes. */
  theme = $state<'dark' | 'light'>('dark');
  jobs = $state.raw<RunningJob[]>([]);
  /** The end of the last index run of this window. */
  indexed = $state.raw<Indexed | null>(null);
  readonly #platform: Platform;
  readonly #notices: Notices;
  readonly #callbacks: AppCallbacks;

  constructor(platform: Platform, notices: Notices, callbacks: AppCallbacks) {
    this.#platform = platform;
    this.#notices = notices;
    this.#callbacks = callbacks;
  }

  async load(): Promise<Start | null> {
    const start = await this.#notices.orFault(this.#platform.start());
    if (!start) return null;
    this.start = start;
    this.output = start.clock.output;
    start.notices.forEach(this.#notices.fault);
    return start;
  }

  setCatalog(catalog: CatalogState): void {
    this.#update({ catalog });
  }

  packFetched(): void {
    if (!this.start) return;
    const { packs, settings } = this.start;
    this.#update({ packs: packs.map((pack) => (pack.name === settings.pack ? { ...pack, ready: true, missing: [] } : pack)) });
  }

  /** `lost`: the name of the device that sound went through until now, where it is gone. */
  deviceChanged(output: Clock['output'], lost: string | null): void {
    this.output = output;
    void this.refreshDevices();
    this.#notices.resolve('device_lost');
    if (lost === null) return;
    const hint = output ? `Sound continues on ${output.name}.` : 'Connect a device, or choose another one in Settings.';
    this.#notices.fault({ code: 'device_lost', message: `The sound device ‘${lost}’ is gone.`, hint });
  }

  async refreshDevices(): Promise<void> {
    const devices = await this.#notices.orFault(this.#platform.devices());
    if (devices) this.#update({ devices });
  }

  async chooseDevice(id: string | null): Promise<void> {
    await this.#notices.orFault(this.#platform.chooseDevice(id));
    await this.changeSettings({ device: id });
  }

  async refreshRecent(): Promise<void> {
    const recent = await this.#notices.orFault(this.#platform.recent());
    if (recent) this.#update({ recent });
  }

  async forgetClip(clip: string): Promise<void> {
    const recent = await this.#notices.orFault(this.#platform.forget(clip));
    if (recent) this.#update({ recent });
  }

  progress(progress: JobProgress): void {
    this.jobs = withProgress(this.jobs, progress, performance.now());
  }

  jobEnded(job: number): void {
    this.jobs = withoutJob(this.jobs, job);
  }

  cancelJob(job: number): void {
    void this.#notices.orFault(this.#platform.cancel(job));
  }

  async index(folders: string[]): Promise<void> {
    await this.#notices.orFault(this.#platform.index(folders));
  }

  async fetchPack(name: string): Promise<void> {
    await this.#notices.orFault(this.#platform.fetchPack(name));
  }

  async copy(text: string, message: string): Promise<void> {
    try {
      await this.#platform.copy(text);
      this.#notices.message(message);
    } catch (error) {
      this.#notices.fault(error);
    }
  }

  /** Changes settings at once; they go back to what they were where the shell refuses. */
  async changeSettings(part: Partial<Settings>): Promise<void> {
    if (!this.start) return;
    const before = this.start.settings;
    const next = { ...before, ...part };
    this.#update({ settings: next });
    try {
      const settings = await this.#platform.settings(part);
      if (this.start.settings === next) this.#update({ settings });
      if (settings.pack !== before.pack || settings.provider !== before.provider) this.#callbacks.onEncoderChanged();
    } catch (error) {
      this.#update({ settings: before });
      this.#notices.fault(error);
    }
  }

  #update(part: Partial<Start>): void {
    if (this.start) this.start = { ...this.start, ...part };
  }
}
