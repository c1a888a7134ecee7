// All keys of the window. A pressed key becomes a command, which `perform` carries out.
export type Command =
  | 'toggle' | 'back' | 'stop' | 'forward' | 'frame-back' | 'frame-on' | 'second-back' | 'second-on'
  | 'hop-up' | 'hop-down' | 'jump' | 'save' | 'range-in' | 'range-out' | 'loop' | 'nudge-back' | 'nudge-on' | 'apply-order'
  | 'brief' | 'filters' | 'weights' | 'search' | 'similar' | 'menu' | 'compare-a' | 'compare-b' | 'compare-c' | 'reveal-titles'
  | 'deliver' | 'undo' | 'redo' | 'picks' | 'open' | 'settings' | 'keys' | 'leave';

export type Group = 'Play' | 'Choose' | 'Ask' | 'Compare and keep' | 'Window';
export type Key = { key: string; shift?: true; ctrl?: true; command: Command; group: Group; label: string; shown: string };

const row = (group: Group, shown: string, key: string, command: Command, label: string, more: { shift?: true; ctrl?: true } = {}): Key =>
  ({ key, command, group, label, shown, ...more });

export const KEYS: readonly Key[] = [
  row('Play', 'space', ' ', 'toggle', 'play, pause'),
  row('Play', 'J', 'j', 'back', 'play backwards, faster each time'),
  row('Play', 'K', 'k', 'stop', 'stop'),
  row('Play', 'L', 'l', 'forward', 'play forwards, faster each time'),
  row('Play', '←', 'ArrowLeft', 'frame-back', 'one frame back'),
  row('Play', '→', 'ArrowRight', 'frame-on', 'one frame on'),
  row('Play', 'shift ←', 'ArrowLeft', 'second-back', 'one second back', { shift: true }),
  row('Play', 'shift →', 'ArrowRight', 'second-on', 'one second on', { shift: true }),
  row('Play', 'I', 'i', 'range-in', 'range begins here'),
  row('Play', 'O', 'o', 'range-out', 'range ends here'),
  row('Play', 'P', 'p', 'loop', 'loop the range'),
  row('Choose', '↑', 'ArrowUp', 'hop-up', 'play the track above; the playhead stays'),
  row('Choose', '↓', 'ArrowDown', 'hop-down', 'play the track below'),
  ...Array.from({ length: 9 }, (_, index) => row('Choose', String(index + 1), String(index + 1), 'jump', `play number ${index + 1}`)),
  row('Choose', ',', ',', 'nudge-back', 'music one beat earlier'),
  row('Choose', '.', '.', 'nudge-on', 'music one beat later'),
  row('Choose', '↵', 'Enter', 'apply-order', 'apply the refined order'),
  row('Choose', 'M', 'm', 'similar', 'more like this track'),
  row('Choose', 'X', 'x', 'menu', 'menu of this track'),
  row('Ask', '/', '/', 'brief', 'describe the music'),
  row('Ask', 'F', 'f', 'filters', 'filters'),
  row('Ask', 'W', 'w', 'weights', 'weights'),
  row('Ask', 'T', 't', 'search', 'search the catalog by words'),
  row('Compare and keep', 'S', 's', 'save', 'save to the picks, or remove'),
  row('Compare and keep', 'A', 'a', 'compare-a', 'blind: play A'),
  row('Compare and keep', 'B', 'b', 'compare-b', 'blind: play B'),
  row('Compare and keep', 'C', 'c', 'compare-c', 'blind: play C'),
  row('Compare and keep', 'R', 'r', 'reveal-titles', 'show the titles'),
  row('Compare and keep', 'D', 'd', 'deliver', 'fit and deliver'),
  row('Compare and keep', 'Z', 'z', 'undo', 'undo'),
  row('Compare and keep', 'shift Z', 'z', 'redo', 'redo', { shift: true }),
  row('Compare and keep', 'Q', 'q', 'picks', 'the picks of this clip'),
  row('Window', 'ctrl O', 'o', 'open', 'open a clip', { ctrl: true }),
  row('Window', 'ctrl ,', ',', 'settings', 'settings', { ctrl: true }),
  row('Window', '?', '?', 'keys', 'all keys'),
  row('Window', 'esc', 'Escape', 'leave', 'close what is open'),
];

export type Pressed = { key: string; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean };
/** Where the focus is: in a text field, on a control with keys of its own, or elsewhere. */
export type Focus = 'typing' | 'slider' | 'button' | 'free';

export function commandFor(pressed: Pressed, focus: Focus): Key | null {
  if (pressed.altKey) return null;
  const ctrl = pressed.ctrlKey || pressed.metaKey;
  // A text field gets every key except Escape and the window's commands.
  if (focus === 'typing' && pressed.key !== 'Escape' && !(ctrl && [',', 'o'].includes(pressed.key.toLowerCase()))) return null;
  if (focus === 'slider' && !ctrl && (pressed.key.startsWith('Arrow') || pressed.key === ' ')) return null;
  if (focus === 'button' && (pressed.key === ' ' || pressed.key === 'Enter')) return null;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  if (ctrl && key === 'z') return KEYS.find((one) => one.command === (pressed.shiftKey ? 'redo' : 'undo')) ?? null;
  return (
    KEYS.find((one) => {
      if (one.key !== key || Boolean(one.ctrl) !== ctrl) return false;
      // Characters such as ? and / need shift on some keyboards only.
      return /^[a-z]$|^Arrow/.test(key) ? Boolean(one.shift) === pressed.shiftKey : true;
    }) ?? null
  );
}

export function focusOf(element: Element | null): Focus {
  if (!element) return 'free';
  const name = element.tagName;
  const role = element.getAttribute('role');
  if (role === 'slider' || (name === 'INPUT' && element.getAttribute('type') === 'range')) return 'slider';
  if (name === 'INPUT' && ['checkbox', 'radio'].includes(element.getAttribute('type') ?? '')) return 'slider';
  if (name === 'INPUT' || name === 'TEXTAREA' || name === 'SELECT' || (element as HTMLElement).isContentEditable) return 'typing';
  if (name === 'BUTTON' || name === 'A' || role === 'button' || role === 'menuitem' || role === 'tab') return 'button';
  return 'free';
}
