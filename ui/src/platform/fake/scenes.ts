// States of the window, chosen by `?fake&state=…`.
import type { CatalogState, Clip, Device, Fault, Indexed, PackRow, RecentClip, Settings } from '../types';
import { documents } from './documents';
import { drawn } from './film';
import { TAGS } from './invented';

export const STATES = [
  'recent', 'open', 'first-run', 'no-catalog', 'empty-catalog', 'broken-catalog', 'indexing', 'no-device', 'pack-missing',
  'unreadable', 'no-good-match', 'long-clip', 'proxy', 'waiting',
] as const;
export type State = (typeof STATES)[number];

export const CATALOG = '/home/editor/.local/share/needledrop/catalog';

export function catalog(state: State): CatalogState {
  if (state === 'no-catalog') return { kind: 'missing', path: CATALOG };
  if (state === 'empty-catalog') return { kind: 'empty', path: CATALOG };
  if (state === 'broken-catalog') {
    return {
      kind: 'broken',
      path: CATALOG,
      fault: {
        code: 'space_mismatch',
        message: 'The catalog was made for the pack clip-l14-336 (space clap-music-512), the pack in use is embedded (space minilm-384).',
        hint: 'Choose the pack clip-l14-336 in Settings, or index the music again with this one.',
      },
    };
  }
  const tracks = state === 'indexing' ? 1204 : state === 'first-run' ? 137 : 40_012;
  const licences = ['CC-BY-4.0', 'CC-BY-SA-4.0', 'CC0-1.0', 'Own library'];
  return { kind: 'ready', id: state === 'first-run' ? 'starter' : 'house', epoch: state === 'first-run' ? 0 : 12, tracks, path: CATALOG, licences, tags: TAGS };
}

export function indexed(): Indexed {
  const expected = 'expected WAV, AIFF, FLAC, MP3, AAC or ALAC in M4A, Ogg Vorbis, Opus or CAF';
  return {
    added: 412,
    failed: 2,
    failures: [
      { name: 'old mix.wma', message: 'the codec Windows Media Audio (WMA) cannot be decoded; convert the file to FLAC or WAV: /mnt/shared/Cues/old mix.wma' },
      { name: 'noise.mp3', message: `no music could be found in the file; ${expected}: /mnt/shared/Cues/noise.mp3` },
    ],
    passed_over: [{ what: 'resource forks', count: 31 }, { what: 'files without sound', count: 96 }],
  };
}

export function packs(state: State): PackRow[] {
  const missing = state === 'pack-missing' ? ['visual.onnx', 'text.onnx', 'projector.safetensors'] : [];
  return documents.start.packs.map((pack) => (pack.stand_in ? { ...pack, ready: true, missing: [] } : { ...pack, ready: missing.length === 0, missing }));
}

export const DEVICES: Device[] = [
  { id: 'studio', name: 'Studio Monitor', standard: true },
  { id: 'headphones', name: 'USB Headphones', standard: false },
  { id: 'hdmi', name: 'HDMI Output', standard: false },
];

export function settings(state: State): Settings {
  return {
    ...documents.start.settings,
    catalog: CATALOG,
    folders: state === 'first-run' || state === 'no-catalog' ? [] : ['/home/editor/Music/Library', '/mnt/shared/Cues'],
    pack: state === 'first-run' ? 'embedded' : 'clip-l14-336',
    theme: (new URLSearchParams(location.search).get('theme') ?? 'dark') as Settings['theme'],
    play_first: new URLSearchParams(location.search).get('first') === 'play',
  };
}

export function recent(state: State): RecentClip[] {
  if (state === 'first-run') return [];
  const rows: [string, number, number, boolean][] = [
    ['meadow_v3.mov', 96, 2, false], ['harbour_titles_v11.mp4', 42.4, 0, false], ['interview_cut_B.mxf', 618.4, 5, false],
    ['old_reel.mov', 31, 1, true],
  ];
  return rows.map(([name, duration_s, picks, gone], index) => ({
    clip: `c${index + 1}`, path: `/footage/spring/${name}`, name, folder: '/footage/spring', duration_s, gone, picks,
    film_url: gone ? null : drawn(0.12 + index * 0.3),
  }));
}

export const unreadable = (path: string): Fault => ({
  code: 'undecodable',
  message: `A video that can be decoded was expected; ${path.split('/').pop() ?? path} ends after 12 of 4,096 kB and holds no whole picture.`,
  hint: 'Copy the file again from the card, or export it anew and drop that in.',
});

export function clip(path: string, state: State, video: string | null): Clip {
  const long = state === 'long-clip' || path.includes('interview');
  const name = path.split('/').pop() ?? path;
  const playable = video ? { kind: 'direct' as const, url: video } : { kind: 'making' as const, reason: 'there is no test video; make one with npm run media' };
  return {
    ...documents.opened.clip,
    clip: `clip:${path}`,
    path,
    name,
    duration_s: long ? 618.4 : 96,
    fps_num: long ? 30_000 : 24_000,
    fps_den: 1001,
    width: 1920,
    height: 1080,
    codec: state === 'proxy' ? 'ProRes 422 HQ' : 'H.264',
    has_audio: true,
    range_s: long ? [204.5, 324.5] : [12.04, 72.04],
    ask_range: long,
    picture: state === 'proxy' ? { kind: 'making', reason: 'ProRes 422 HQ cannot be played in a window; an H.264 copy is being made' } : playable,
  };
}
