// The real platform: Tauri's commands, events and drops. No other file imports @tauri-apps.
import { Channel, invoke } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import type { Platform } from './platform';
import type { EngineEvent } from './types';

const listeners = new Set<(event: EngineEvent) => void>();
const channel = new Channel<EngineEvent>((event) => listeners.forEach((listener) => listener(event)));

export const platform: Platform = {
  start: () => invoke('start', { channel }),
  listen(onEvent) {
    listeners.add(onEvent);
    return () => listeners.delete(onEvent);
  },
  onDrop(onDropped) {
    const stop = getCurrentWebview().onDragDropEvent(({ payload }) => {
      if (payload.type === 'leave') onDropped({ kind: 'leave' });
      else if (payload.type === 'drop') onDropped({ kind: 'drop', paths: payload.paths });
      else if (payload.type === 'enter') onDropped({ kind: 'over', paths: payload.paths });
    });
    return () => void stop.then((off) => off());
  },
  now: () => invoke('now'),
  chooseClip: () => invoke('choose_clip'),
  chooseFolder: () => invoke('choose_folder'),
  openPath: (path) => invoke('open_path', { path }),
  closeClip: () => invoke('close_clip'),
  recent: () => invoke('recent'),
  forget: (clip) => invoke('forget', { clip }),
  film: (clip, range_s, count) => invoke('film', { clip, rangeS: range_s, count }),
  match: (request) => invoke('match_clip', { request }),
  rerank: (clip, brief) => invoke('rerank', { clip, brief }),
  clipReport: (clip, sensitivity) => invoke('clip_report', { clip, sensitivity }),
  search: (text, filters) => invoke('search', { text, filters }),
  similar: (track, filters) => invoke('similar', { track, filters }),
  track: (track) => invoke('track', { track }),
  cancel: (job) => invoke('cancel', { job }),
  play: () => invoke('play'),
  pause: () => invoke('pause'),
  seek: (position_s) => invoke('seek', { positionS: position_s }),
  rate: (rate) => invoke('rate', { rate }),
  range: (clip, range_s, looping) => invoke('range', { clip, rangeS: range_s, looping }),
  select: (track, start_s) => invoke('select', { track, startS: start_s }),
  slip: (track, start_s) => invoke('slip', { track, startS: start_s }),
  levels: (levels) => invoke('levels', { levels }),
  clock: () => invoke('clock'),
  devices: () => invoke('devices'),
  chooseDevice: (id) => invoke('choose_device', { id }),
  save: (clip, track, start_s) => invoke('save', { clip, track, startS: start_s }),
  unsave: (clip, track) => invoke('unsave', { clip, track }),
  note: (clip, track, note) => invoke('note', { clip, track, note }),
  move: (clip, track, to) => invoke('move_pick', { clip, track, to }),
  undo: () => invoke('undo'),
  redo: () => invoke('redo'),
  reveal: (track) => invoke('reveal', { track }),
  copy: (text) => navigator.clipboard.writeText(text),
  drag: (track) => invoke('drag', { track }),
  catalog: () => invoke('catalog'),
  index: (folders) => invoke('index', { folders }),
  settings: (change) => invoke('settings', { change }),
  cache: () => invoke('cache'),
  clearCache: () => invoke('clear_cache'),
  fetchPack: (name) => invoke('fetch_pack', { name }),
};
