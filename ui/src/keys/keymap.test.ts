import { expect, test } from 'vitest';
import { commandFor, KEYS, type Focus } from './keymap';

const press = (key: string, more: Partial<{ shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean }> = {}, focus: Focus = 'free') =>
  commandFor({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more }, focus)?.command ?? null;

test('no key has two commands', () => {
  const names = KEYS.map((one) => [one.ctrl && 'ctrl', one.shift && 'shift', one.key].filter(Boolean).join(' '));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every key gives its own command', () => {
  for (const one of KEYS) {
    expect(press(one.key, { shiftKey: Boolean(one.shift), ctrlKey: Boolean(one.ctrl) }), one.shown).toBe(one.command);
  }
});

test('typed text gives no commands', () => {
  expect([press('s', {}, 'typing'), press(' ', {}, 'typing'), press('ArrowUp', {}, 'typing'), press('z', { ctrlKey: true }, 'typing')]).toEqual([null, null, null, null]);
  expect(press('Escape', {}, 'typing')).toBe('leave');
});

test('a slider keeps the arrows, a button keeps space and Enter', () => {
  expect([press('ArrowLeft', {}, 'slider'), press('s', {}, 'slider')]).toEqual([null, 'save']);
  expect([press(' ', {}, 'button'), press('Enter', {}, 'button'), press('j', {}, 'button')]).toEqual([null, null, 'back']);
});

test('capitals, the command key and characters typed with shift work', () => {
  expect(press('Z', { shiftKey: true })).toBe('redo');
  expect(press('z', { metaKey: true })).toBe('undo');
  expect(press('Z', { metaKey: true, shiftKey: true })).toBe('redo');
  expect(press('?', { shiftKey: true })).toBe('keys');
  expect(press('/', { shiftKey: true }), 'the slash of a German keyboard').toBe('brief');
  expect(press('S', { shiftKey: true }), 'shift S is nothing').toBeNull();
  expect(press('s', { altKey: true })).toBeNull();
});
