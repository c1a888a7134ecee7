// The real platform: Tauri's calls, events and drops. Nothing else imports @tauri-apps.
import { Channel, invoke } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import type { Platform } from './platform';
import type { Told } from './types';

const listeners = new Set<(told: Told) => void>();
const channel = new Channel<Told>((told) => listeners.forEach((listener) => listener(told)));

export const platform: Platform = {
  start: () => invoke('start', { channel }),
  listen(told) {
    listeners.add(told);
    return () => listeners.delete(told);
  },
  onDrop(dropped) {
    const stop = getCurrentWebview().onDragDropEvent(({ payload }) => {
      if (payload.type === 'leave') dropped({ kind: 'leave' });
      else if (payload.type === 'drop') dropped({ kind: 'drop', paths: payload.paths });
      else if (payload.type === 'enter') dropped({ kind: 'over', paths: payload.paths });
    });
    return () => void stop.then((off) => off());
  },
  now: () => invoke('now'),
  chooseClip: () => invoke('choose_clip'),
  chooseFolder: () => invoke('choose_folder'),
  openClip: (path) => invoke('open_clip', { path }),
  openBin: (path) => invoke('open_bin', { path }),
  closeClip: () => invoke('close_clip'),
  recent: () => invoke('recent'),
  forget: (clip) => invoke('forget', { clip }),
  film: (clip, range_s, count) => invoke('film', { clip, rangeS: range_s, count }),
  match: (ask) => invoke('match_clip', { ask }),
  rerank: (wish) => invoke('rerank', { wish }),
  look: (sensitivity) => invoke('look', { sensitivity }),
  search: (text, filters) => invoke('search', { text, filters }),
  similar: (track, filters) => invoke('similar', { track, filters }),
  track: (track) => invoke('track', { track }),
  cancel: (job) => invoke('cancel', { job }),
  play: () => invoke('play'),
  pause: () => invoke('pause'),
  seek: (position_s) => invoke('seek', { positionS: position_s }),
  rate: (rate) => invoke('rate', { rate }),
  range: (range_s, looping) => invoke('range', { rangeS: range_s, looping }),
  select: (track, start_s) => invoke('select', { track, startS: start_s }),
  slip: (track, start_s) => invoke('slip', { track, startS: start_s }),
  levels: (levels) => invoke('levels', { levels }),
  clock: () => invoke('clock'),
  devices: () => invoke('devices'),
  chooseDevice: (id) => invoke('choose_device', { id }),
  save: (track, start_s) => invoke('save', { track, startS: start_s }),
  unsave: (track) => invoke('unsave', { track }),
  note: (track, note) => invoke('note', { track, note }),
  move: (track, to) => invoke('move_pick', { track, to }),
  undo: () => invoke('undo'),
  redo: () => invoke('redo'),
  reveal: (track) => invoke('reveal', { track }),
  copy: (text) => navigator.clipboard.writeText(text),
  drag: (track) => invoke('drag', { track }),
  catalog: () => invoke('catalog'),
  index: (folders) => invoke('index', { folders }),
  settings: (settings) => invoke('settings', { settings }),
  cache: () => invoke('cache'),
  clearCache: () => invoke('clear_cache'),
  fetchPack: (name) => invoke('fetch_pack', { name }),
};
