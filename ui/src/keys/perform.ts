// Carries out what a key means.
import type { Audition } from '../audition/audition.svelte';
import type { Row } from '../platform/types';
import type { Session } from '../session.svelte';
import type { Letter } from '../session/compare.svelte';
import type { Key } from './keymap';
import type { Places } from './places.svelte';

export type Window_ = { session: Session; audition: Audition; places: Places };

/** Hears a row; the list opens it. */
export function hop({ session, audition }: Pick<Window_, 'session' | 'audition'>, row: Row): void {
  session.select(row);
  void audition.hop(row);
}

/** The row `by` away from the selected one. */
export function neighbour(listed: Row[], selected: Row | null, by: number): Row | null {
  if (listed.length === 0) return null;
  const at = listed.findIndex((row) => row.track_id === selected?.track_id);
  if (at < 0) return listed[0] ?? null;
  return listed[Math.max(0, Math.min(listed.length - 1, at + by))] ?? null;
}

export function save({ session, audition }: Pick<Window_, 'session' | 'audition'>, row: Row): void {
    void session.picked.toggle(row.track_id, session.compare.blind ? 'this one' : row.title, audition.startOf(row));
}

function letter(window: Window_, which: Letter): void {
  const { session } = window;
  if (!session.compare.open) session.toggleCompare();
  const row = session.compare.choose(which);
  if (row) hop(window, row);
}

/** True where the key was meant for the window. */
export function perform(window: Window_, { command, key }: Key): boolean {
  const { session, audition, places } = window;
  const anywhere: Partial<Record<typeof command, () => void>> = {
    open: () => void session.choose(),
    settings: () => places.open('settings'),
    keys: () => places.toggle('keys'),
    undo: () => void session.picked.undo(),
    redo: () => void session.picked.redo(),
    leave: () => leave(window),
  };
  const act = anywhere[command];
  if (act) {
    act();
    return true;
  }
  if (!session.clip || session.clip.ask_range) return false;
  const row = session.selected;
  const hopBy = (by: number) => {
    const next = neighbour(session.listed, row, by);
    if (!next) return;
    session.compare.end();
    hop(window, next);
    places.follow += 1;
  };
  const over: Partial<Record<typeof command, () => void>> = {
    toggle: () => void audition.toggle(),
    back: () => void audition.shuttle(-1),
    stop: () => void audition.shuttle(0),
    forward: () => void audition.shuttle(1),
    'frame-back': () => void audition.step(-1),
    'frame-on': () => void audition.step(1),
    'second-back': () => void audition.seek(Math.max(0, audition.position_s - 1)),
    'second-on': () => void audition.seek(audition.position_s + 1),
    'range-in': () => void audition.setIn(),
    'range-out': () => void audition.setOut(),
    loop: () => void audition.toggleLoop(),
    'hop-up': () => hopBy(-1),
    'hop-down': () => hopBy(1),
    jump: () => {
      const wanted = session.listed[Number(key) - 1];
      if (!wanted) return;
      session.compare.end();
      hop(window, wanted);
      places.follow += 1;
    },
    'nudge-back': () => void audition.nudge(-1),
    'nudge-on': () => void audition.nudge(1),
    'apply-order': () => session.applyOrder(),
    brief: () => places.focus('brief'),
    filters: () => places.focus('filters'),
    weights: () => places.focus('weights'),
    search: () => session.ways.search(session.ways.text, session.wish.plain().filters),
    similar: () => row && session.ways.similar(row, session.wish.plain().filters),
    menu: () => row && !session.compare.blind && (places.menu = row),
    save: () => row && save(window, row),
    'compare-a': () => letter(window, 'A'),
    'compare-b': () => letter(window, 'B'),
    'compare-c': () => letter(window, 'C'),
    'reveal-titles': () => (session.compare.revealed = session.compare.open),
    deliver: () => session.notices.word('Fit & deliver is not there yet. Reveal in folder (X) shows the track’s file.'),
    picks: () => (places.picks = !places.picks),
  };
  over[command]?.();
  return true;
}

function leave({ session, places }: Window_): void {
  const focused = document.activeElement;
  if (places.sheet) places.close();
  else if (session.clip?.ask_range) session.close();
  else if (session.compare.open) session.compare.end();
  else if (focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement) focused.blur();
  else if (session.ways.mode !== 'matches') session.ways.matches();
  else if (places.picks) places.picks = false;
}
