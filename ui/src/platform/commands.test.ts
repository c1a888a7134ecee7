// The shell's commands are called by name, and no compiler checks these calls. This test compares them with the shell.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Argument names by command. */
type Commands = Record<string, string[]>;
const here = import.meta.dirname;
const folder = join(here, '../../../src-tauri/src/commands');

/** The text between the bracket at `open` and its partner. */
function inside(text: string, open: number): string {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if ('([{<'.includes(text[at]!)) depth += 1;
    if (')]}>'.includes(text[at]!) && text.slice(at - 1, at + 1) !== '=>') depth -= 1;
    if (depth === 0) return text.slice(open + 1, at);
  }
  return '';
}

/** The parts of a list, split at the commas that are in no bracket. */
function parts(list: string): string[] {
  let flat = list;
  for (let before = ''; before !== flat; ) {
    before = flat;
    flat = flat.replace(/\([^()]*\)|\{[^{}]*\}|<[^<>]*>/g, '');
  }
  return flat.split(',').map((part) => part.trim()).filter(Boolean);
}

function called(): Commands {
  const source = readFileSync(join(here, 'tauri.ts'), 'utf8');
  const calls = [...source.matchAll(/\binvoke(?:<[^>]*>)?\('(\w+)'(, )?/g)];
  return Object.fromEntries(
    calls.map((call) => {
      const given = call[2] === undefined ? '' : inside(source, call.index + call[0].length);
      return [call[1]!, parts(given).map((part) => part.split(':')[0]!).sort()];
    }),
  );
}

function registered(): Commands {
  const source = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  const handler = /generate_handler!\[([^\]]*)\]/.exec(source)?.[1] ?? '';
  return Object.fromEntries(parts(handler).map((path) => path.split('::').at(-1)!).map((name) => [name, parameters(name, source)]));
}

/** As the window must name them; those that Tauri passes by itself are left out. */
function parameters(name: string, source: string): string[] {
  const found = new RegExp(`#\\[tauri::command[^\\]]*\\]\\s*pub (?:async )?fn ${name}\\(`).exec(source);
  expect(found, `the command ${name} has a function`).not.toBeNull();
  return parts(inside(source, found!.index + found![0].length - 1))
    .map((parameter) => parameter.split(/:(?:\s+|$)/))
    .filter(([, type = '']) => !/Shared|State|AppHandle|Window|Webview/.test(type))
    .map(([parameter = '']) => parameter.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()))
    .sort();
}

test('the window calls exactly the commands that the shell registers, with the same arguments', () => {
  const commands = called();
  expect(Object.keys(commands).length, 'calls were found').toBeGreaterThan(30);
  expect(commands).toEqual(registered());
});
