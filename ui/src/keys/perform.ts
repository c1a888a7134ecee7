// Carries out the command of a key.
import type { Audition } from '../audition/audition.svelte';
import type { Row } from '../platform/types';
import type { Session } from '../session/session.svelte';
import type { Letter } from '../session/compare.svelte';
import type { Key } from './keymap';
import type { Panels } from './panels.svelte';

export type AppContext = { session: Session; audition: Audition; panels: Panels };

/** Plays a row and selects it in the list. */
export function hop({ session, audition }: Pick<AppContext, 'session' | 'audition'>, row: Row): void {
  session.list.selected = row;
  void audition.hop(row);
}

/** The row `by` away from the selected one. */
export function neighbour(listed: Row[], selected: Row | null, by: number): Row | null {
  if (listed.length === 0) return null;
  const at = listed.findIndex((row) => row.track_id === selected?.track_id);
  if (at < 0) return listed[0] ?? null;
  return listed[Math.max(0, Math.min(listed.length - 1, at + by))] ?? null;
}

export function save({ session, audition }: Pick<AppContext, 'session' | 'audition'>, row: Row): void {
  void session.picks.toggle(row.track_id, session.compare.blind ? 'this one' : row.title, audition.startOf(row));
}

function letter(window: AppContext, which: Letter): void {
  const { session } = window;
  if (!session.compare.open) session.toggleCompare();
  const row = session.compare.choose(which);
  if (row) hop(window, row);
}

/** Returns true if the window handled the key. */
export function perform(window: AppContext, { command, key }: Key): boolean {
  const { session, audition, panels } = window;
  const anywhere: Partial<Record<typeof command, () => void>> = {
    open: () => void session.clip.choose(),
    settings: () => panels.open('settings'),
    keys: () => panels.toggle('keys'),
    undo: () => void session.picks.undo(),
    redo: () => void session.picks.redo(),
    leave: () => leave(window),
  };
  const act = anywhere[command];
  if (act) {
    act();
    return true;
  }
  if (!session.clip.current || session.clip.current.ask_range) return false;
  const row = session.list.selected;
  const hopBy = (by: number) => {
    const next = neighbour(session.list.rows, row, by);
    if (!next) return;
    session.compare.end();
    hop(window, next);
    panels.revealSelected();
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
      const wanted = session.list.rows[Number(key) - 1];
      if (!wanted) return;
      session.compare.end();
      hop(window, wanted);
      panels.revealSelected();
    },
    'nudge-back': () => void audition.nudge(-1),
    'nudge-on': () => void audition.nudge(1),
    'apply-order': () => {
      if (!session.list.has_pending_order) return;
      session.list.applyPendingOrder();
      panels.revealSelected();
    },
    brief: () => panels.focus('brief'),
    filters: () => panels.focus('filters'),
    weights: () => panels.focus('weights'),
    search: () => session.searchWords(session.search.text),
    similar: () => row && session.searchSimilar(row),
    menu: () => row && !session.compare.blind && (panels.menu = row),
    save: () => row && save(window, row),
    'compare-a': () => letter(window, 'A'),
    'compare-b': () => letter(window, 'B'),
    'compare-c': () => letter(window, 'C'),
    'reveal-titles': () => (session.compare.revealed = session.compare.open),
    deliver: () => session.notices.message('Fit & deliver is not available yet. The menu of a track (X) can show its file.'),
    picks: () => (panels.picks = !panels.picks),
  };
  over[command]?.();
  return true;
}

function leave({ session, panels }: AppContext): void {
  const focused = document.activeElement;
  if (panels.sheet) panels.close();
  else if (session.clip.current?.ask_range) session.clip.close();
  else if (session.compare.open) session.compare.end();
  else if (focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement) focused.blur();
  else if (session.search.mode !== 'matches') session.search.showMatches();
  else if (panels.picks) panels.picks = false;
}
