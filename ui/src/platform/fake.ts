// A fake engine for tests in a browser: it answers every call of the platform from invented
// data, its clock runs, its lists are ranked again. Release builds do not contain it (see main.ts).
//   ?state=NAME   one of STATES
//   ?pace=0.1     waits take a tenth of the time; 0 ends them at once
import { FakeClock } from './fake/clock';
import { documents } from './fake/documents';
import { drawn } from './fake/film';
import { sheet, TRACKS } from './fake/invented';
import { FakeJobs, steps } from './fake/jobs';
import { clipReport } from './fake/clip-report';
import { FakePicks } from './fake/picks';
import { foundRows, matchRows, passes } from './fake/ranking';
import * as scenes from './fake/scenes';
import type { Dropped, Platform } from './platform';
import type { Brief, Clip, EngineEvent, Fault, MatchRequest, Pick } from './types';

const asked = new URLSearchParams(location.search);
const state = (scenes.STATES.find((name) => name === asked.get('state')) ?? 'recent') satisfies scenes.State;
const pace = Number(asked.get('pace') ?? 1);

const listeners = new Set<(event: EngineEvent) => void>();
const emit = (event: EngineEvent): void => listeners.forEach((listener) => listener(event));
const dropListeners = new Set<(dropped: Dropped) => void>();
const jobs = new FakeJobs(emit, pace);
const output = state === 'no-device' ? null : { name: 'Studio Monitor', rate_hz: 48_000, buffer_frames: 256, latency_ms: 12 };
const clock = new FakeClock(output, (now) => emit({ kind: 'clock', clock: now }), () => emit({ kind: 'ended' }));

let settings = scenes.settings(state);
let catalog = scenes.catalog(state);
let packs = scenes.packs(state);
let recent = scenes.recent(state);
let cached_bytes = 3_812_000_000;
let opened: Clip | null = null;
let matched = 0;
let refined = false;
const picksOf = new Map<string, FakePicks>();
let picks = new FakePicks('');

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms * pace));
const trackOf = (id: string) => TRACKS.find((track) => track.track_id === id) ?? TRACKS[0]!;
const refuse = (fault: Fault): Promise<never> => Promise.reject(fault);
const current = (): Clip => opened ?? documents.opened.clip;
const noMatch = (brief: Brief) => state === 'no-good-match' && brief.text.length < 4;

function rowsFor(brief: Brief) {
  const pack = packs.find((row) => row.name === settings.pack) ?? packs[0]!;
  const rows = matchRows(brief, { clip: current(), match: matched, refined, provider: settings.provider === 'cpu' ? 'cpu' : 'cuda', pack: pack.name, tracks: catalog.kind === 'ready' ? catalog.tracks : 0 });
  if (!noMatch(brief)) return rows;
  return { ...rows, confidence: 0.12, no_good_match: true, results: rows.results.map((row) => ({ ...row, score: row.score * 0.45 })) };
}

/** The test video, where tests have made one. */
async function video(): Promise<string | null> {
  const answer = await fetch('/clip.mp4', { method: 'HEAD' }).catch(() => null);
  return answer?.ok && answer.headers.get('content-type')?.startsWith('video/') ? new URL('/clip.mp4', location.href).href : null;
}

function makeProxy(clip: Clip): void {
  jobs.start('proxy', steps('making a proxy', 2302, 24, 30), 400, () => {
    void video().then((url) => url && emit({ kind: 'picture', clip: clip.clip, picture: { kind: 'proxy', url, reason: 'ProRes 422 HQ plays as an H.264 copy' } }));
  });
}

function match({ range_s, brief }: MatchRequest): number {
  matched += 1;
  refined = false;
  const number = matched;
  jobs.cancelKind('match');
  jobs.cancelKind('watch');
  if (state === 'waiting') {
    jobs.start('match', steps('looking at frames', 60, 60, 600), 10_000, () => undefined);
    return number;
  }
  jobs.start('match', steps('looking at frames', 60, 4, 0.3), 80, () => {
    emit({ kind: 'rows', rows: rowsFor(brief), report: null });
    jobs.start('watch', steps('watching cuts and motion', 60, 12, 1.4), 100, () => {
      if (number !== matched) return;
      refined = true;
      emit({ kind: 'rows', rows: rowsFor(brief), report: clipReport(current(), range_s, brief.sensitivity) });
    });
  });
  return number;
}

const FOLDERS = ['/footage/spring', '/footage/rushes.v2'];
const clipsOf = (folder: string) =>
  ['reel_01.mov', 'reel_02.mov', 'reel_03.mov', 'interview_04.mxf', 'reel_05.mov'].map((name, index) => ({
    clip: `b${index}`, path: `${folder}/${name}`, name, folder, duration_s: 38 + index * 21.3, gone: false, picks: index % 3, film_url: drawn(0.1 + index * 0.2),
  }));

const answers: Platform = {
  async start() {
    if (state === 'indexing') {
      jobs.start('index', steps('hearing the music', 3980, 400, 5400), 3000, () => undefined);
    }
    const lone = !['recent', 'first-run', 'no-catalog', 'empty-catalog', 'broken-catalog', 'indexing', 'pack-missing'].includes(state);
    const devices = output ? scenes.DEVICES : [];
    return {
      ...documents.start, settings: structuredClone(settings), catalog, packs, recent, devices, clock: clock.read(),
      open: lone ? '/footage/spring/meadow_v3.mov' : null,
    };
  },
  listen(onEvent) {
    listeners.add(onEvent);
    return () => listeners.delete(onEvent);
  },
  onDrop(onDropped) {
    dropListeners.add(onDropped);
    return () => dropListeners.delete(onDropped);
  },
  now: async () => clock.now(),

  chooseClip: async () => '/footage/spring/meadow_v3.mov',
  chooseFolder: async () => '/home/editor/Music/New',
  async openPath(path) {
    await wait(60);
    // Decides by the file type and not by the name, as the shell does: the fake disk has two folders.
    if (FOLDERS.includes(path)) return { kind: 'bin', path, clips: clipsOf(path) };
    if (state === 'unreadable' || path.includes('torn')) return refuse(scenes.unreadable(path));
    picks = picksOf.get(path) ?? new FakePicks(`clip:${path}`);
    picksOf.set(path, picks);
    opened = { ...scenes.clip(path, state, await video()), picks: picks.all() };
    clock.change({ clip: opened.clip, playing: false, position_s: opened.range_s[0], range_s: opened.range_s, track_id: null });
    if (opened.picture.kind === 'making' && state === 'proxy') makeProxy(opened);
    return { kind: 'clip', clip: structuredClone(opened) };
  },
  closeClip: async () => {
    opened = null;
    clock.change({ clip: null, playing: false, track_id: null });
  },
  recent: async () => recent,
  forget: async (clip) => (recent = recent.filter((row) => row.clip !== clip)),
  async film(clip, range_s, count) {
    for (let index = 0; index < count; index += 1) {
      if (index % 6 === 0) await wait(16);
      const share = (index + 0.5) / count;
      emit({ kind: 'film', clip, index, count, time_s: range_s[0] + share * (range_s[1] - range_s[0]), url: drawn(share) });
    }
  },

  match: async (request) => match(request),
  async rerank(_clip, brief) {
    await wait(40);
    return rowsFor(brief);
  },
  clipReport: async (_clip, sensitivity) => clipReport(current(), opened?.range_s ?? [0, 60], sensitivity),
  async search(text, filters) {
    await wait(40);
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = ({ title, artist, tags }: (typeof TRACKS)[number]) => words.filter((word) => `${title} ${artist ?? ''} ${tags.join(' ')}`.toLowerCase().includes(word)).length;
    return foundRows(TRACKS.filter((track) => passes(track, filters) && hits(track) > 0), text);
  },
  async similar(id, filters) {
    await wait(40);
    return foundRows(TRACKS.filter((track) => track.track_id !== id && passes(track, filters)).slice(0, 30));
  },
  track: async (id) => sheet(trackOf(id)),
  cancel: async (job) => jobs.cancel(job),

  play: async () => (output ? clock.change({ playing: true }) : refuse({ code: 'no_device', message: 'A sound device was expected; there is none.', hint: 'Connect one, or choose one in Settings.' })),
  pause: async () => clock.change({ playing: false }),
  seek: async (position_s) => clock.change({ position_s }),
  rate: async (rate) => clock.change({ rate }),
  async range(_clip, range_s, looping) {
    if (opened) opened.range_s = range_s;
    clock.change({ range_s, looping });
  },
  select: async (track_id, start_s) => clock.change({ track_id, start_s }),
  slip: async (_track, start_s) => clock.change({ start_s }),
  levels: async (levels) => {
    settings = { ...settings, levels };
  },
  clock: async () => clock.read(),
  devices: async () => (output ? scenes.DEVICES : []),
  async chooseDevice(id) {
    const name = scenes.DEVICES.find((device) => device.id === id)?.name ?? 'Studio Monitor';
    settings = { ...settings, device: id };
    if (!output) return;
    clock.change({ output: { ...output, name } });
    emit({ kind: 'device', output: { ...output, name }, lost: null });
  },

  async save(_clip, id, start_s) {
    const track = trackOf(id);
    const { track_id, title, artist, bpm, camelot, licence, duration_s } = track;
    const range_s = opened?.range_s ?? [0, 60];
    return picks.change(`saved ‘${title}’`, (all) => [
      ...all.filter((pick) => pick.track_id !== id),
      { track_id, title, artist, bpm, camelot, licence, duration_s, start_s, range_s, note: '', saved_ms: 1_777_889_520_000, gone: false },
    ]);
  },
  unsave: async (_clip, id) => picks.change(`removed ‘${trackOf(id).title}’ from the picks`, (all) => all.filter((pick) => pick.track_id !== id)),
  note: async (_clip, id, note) => picks.change('changed a note', (all) => all.map((pick) => (pick.track_id === id ? { ...pick, note } : pick))),
  move: async (_clip, id, to) =>
    picks.change('moved a pick', (all) => {
      const moved = all.filter((pick): pick is Pick => pick.track_id === id);
      const rest = all.filter((pick) => pick.track_id !== id);
      return [...rest.slice(0, to), ...moved, ...rest.slice(to)];
    }),
  undo: async () => picks.undo(),
  redo: async () => picks.redo(),
  reveal: async () => undefined,
  copy: async (text) => void (await navigator.clipboard?.writeText(text).catch(() => undefined)),
  drag: async () => undefined,

  catalog: async () => catalog,
  async index(folders) {
    return jobs.start('index', steps('hearing the music', 412, 30, 9), 200, () => {
      catalog = { ...scenes.catalog('open'), ...(catalog.kind === 'ready' ? { tracks: catalog.tracks + 412 } : { tracks: 412 }) };
      settings = { ...settings, folders: [...new Set([...settings.folders, ...folders])] };
      emit({ kind: 'catalog', catalog });
      emit({ kind: 'indexed', indexed: scenes.indexed() });
    });
  },
  async settings(next) {
    settings = { ...settings, ...structuredClone(next) };
    return settings;
  },
  cache: async () => ({ path: '/home/editor/.cache/needledrop', bytes: cached_bytes }),
  async clearCache() {
    cached_bytes = 0;
    return { path: '/home/editor/.cache/needledrop', bytes: 0 };
  },
  async fetchPack(name) {
    return jobs.start('pack', steps('fetching visual.onnx', 1_710_000_000, 40, 12), 300, () => {
      packs = packs.map((pack) => (pack.name === name ? { ...pack, ready: true, missing: [] } : pack));
    });
  },
};

const calls: string[] = [];
const open: Record<string, number> = {};
/** Highest number of calls with this name in flight at once. */
const most: Record<string, number> = {};
/** Arguments of the last call with this name. */
const last: Record<string, unknown[]> = {};

/** The answers above with a log of calls. */
export const platform: Platform = new Proxy(answers, {
  get(target, name: keyof Platform) {
    const answer = Reflect.get(target, name) as (...given: never[]) => unknown;
    return (...given: never[]) => {
      calls.push(name);
      last[name] = given;
      const answered = answer(...given);
      if (!(answered instanceof Promise)) return answered;
      open[name] = (open[name] ?? 0) + 1;
      most[name] = Math.max(most[name] ?? 0, open[name]);
      return answered.finally(() => (open[name]! -= 1));
    };
  },
});

/** Actions for tests that an editor cannot do. */
export const strings = {
  calls,
  most,
  last,
  emit,
  drop: (dropped: Dropped) => dropListeners.forEach((listener) => listener(dropped)),
  read: () => clock.read(),
};
(window as unknown as { __fake: typeof strings }).__fake = strings;

addEventListener('dragover', (event) => {
  event.preventDefault();
  strings.drop({ kind: 'over', paths: [] });
});
addEventListener('drop', (event) => {
  event.preventDefault();
  const names = [...(event.dataTransfer?.files ?? [])].map((file) => `/footage/spring/${file.name}`);
  strings.drop({ kind: 'drop', paths: names.length > 0 ? names : ['/footage/spring/meadow_v3.mov'] });
});
