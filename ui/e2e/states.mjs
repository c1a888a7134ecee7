// Photographs the real window in each of its states, at 1280×800 and 1920×1080. Fails if a state is not reached.
// The window runs with the home folder /home/editor, so that no photograph shows a path of this machine; the script makes
// that folder and removes it, which needs the right to write in /home.
//   node states.mjs BINARY CATALOG CLIP FILM MUSIC FOLDER [NAME...]
// CLIP: a minute of video; FILM: one that is longer than two minutes; MUSIC: a folder of music; FOLDER: for the pictures.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { KEYS, openWindow } from './driver.mjs';
import { surroundings } from './surroundings.mjs';

const [binary, given_catalog, given_clip, given_film, given_music, folder, ...wanted] = process.argv.slice(2);
const HOME = '/home/editor';
const catalog = join(HOME, '.local/share/needledrop/catalog');
const clip = join(HOME, 'Footage', basename(given_clip));
const film = join(HOME, 'Footage', basename(given_film));
const music = join(HOME, 'Music');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const shows = (text) => `return document.body.innerText.includes(${JSON.stringify(text)})`;
const click = (window, text) => window.run(`[...document.querySelectorAll('button, [role=menuitem]')].find((e) => e.innerText.trim() === ${JSON.stringify(text)} || e.getAttribute('aria-label') === ${JSON.stringify(text)}).click()`);
const tell = (window, text) => window.until(shows(text), text, 60000);

async function matched(window) {
  await window.until(`return document.querySelectorAll('[role=option]').length > 5`, 'rows', 60000);
  await window.until(`return /with rhythm/.test(document.body.innerText)`, 'the refined order', 120000);
  await window.until(`return document.querySelector('video')?.readyState >= 2`, 'a picture', 60000);
  await window.run(`document.activeElement?.blur()`);
}
const afterMatch = (act) => async (window, around) => {
  await matched(window);
  await act(window, around);
};
const press = (...keys) => async (window) => {
  for (const key of keys) {
    await window.keys(key);
    await sleep(300);
  }
};
/** An additional catalog folder in the home folder, for this state. */
const inHome = (name, make) => (around) => {
  const dir = join(around.home, name);
  mkdirSync(dir, { recursive: true });
  make?.(dir);
  return { catalog: dir };
};

// For each state: additional settings, the start arguments, and the steps that lead to it.
const STATES = {
  'first-run': { ready: (window) => tell(window, 'Drop a clip here') },
  recent: { args: [clip], ready: async (window, around, reopen) => (await matched(window), reopen()), then: (window) => tell(window, 'clip.mp4') },
  'no-catalog': { settings: inHome('nothing-here'), ready: (window) => tell(window, 'There is no music in the catalog yet') },
  'broken-catalog': { settings: inHome('broken', (dir) => writeFileSync(join(dir, 'catalog.sqlite'), 'x'.repeat(9000))), ready: (window) => tell(window, 'The catalog cannot be used') },
  indexing: {
    settings: (around) => ({ ...inHome('new')(around), folders: [music] }),
    ready: async (window) => {
      await tell(window, 'There is no music in the catalog yet');
      await window.runAsync(`const done = arguments[1]; window.__TAURI_INTERNALS__.invoke('index', { folders: [arguments[0]] }).then(done, done)`, music);
      await window.until(`return /\\d+ of \\d+/.test(document.body.innerText)`, 'the index to begin', 60000);
    },
  },
  'pack-missing': { settings: () => ({ pack: 'clip-l14-336' }), ready: (window) => window.until(`return /not on this machine yet|cannot be used/.test(document.body.innerText)`, 'the missing pack', 30000) },
  'no-device': { sound: false, args: [clip], ready: afterMatch((window) => tell(window, 'no sound device')) },
  unreadable: { args: ['/etc/hostname'], ready: (window) => tell(window, 'cannot be opened') },
  'long-clip': { args: [film], ready: async (window) => (await tell(window, 'Match this range'), sleep(4000)) },
  proxy: {
    args: (around) => {
      const prores = join(around.home, 'reel.mov');
      spawnSync('ffmpeg', ['-v', 'error', '-i', clip, '-t', '30', '-c:v', 'prores_ks', '-profile:v', '3', '-c:a', 'pcm_s16le', prores], { stdio: 'inherit' });
      return [prores];
    },
    ready: (window) => window.until(`return /Making a copy/.test(document.body.innerText) && document.querySelectorAll('[role=option]').length > 5`, 'the proxy under way', 60000),
  },
  matched: { args: [clip], ready: matched },
  settings: { args: [clip], ready: afterMatch((window) => click(window, 'Settings')) },
  keys: { args: [clip], ready: afterMatch(press('?')) },
  compare: { args: [clip], ready: afterMatch(press('b')) },
  picks: { args: [clip], ready: afterMatch(press('s', KEYS.down, 's', 'q')) },
  search: { args: [clip], ready: afterMatch(async (window) => (await press('t')(window), await press(...'strings calm')(window), sleep(1500))) },
  similar: { args: [clip], ready: afterMatch(async (window) => (await press('m')(window), await tell(window, 'More like'))) },
  menu: { args: [clip], ready: afterMatch(press('x')) },
  brief: {
    args: [clip],
    ready: afterMatch(async (window) => {
      await press('/')(window);
      await window.keys(...'warm, hopeful strings, no drums', KEYS.enter);
      await window.until(`return document.querySelector('.chip.minus') !== null`, 'what is not wanted', 20000);
    }),
  },
  'filter-key': { args: [clip], ready: afterMatch((window) => click(window, 'Filter by key')) },
  pack: { args: [clip], ready: afterMatch((window) => window.run(`[...document.querySelectorAll('button')].find((e) => /built-in/.test(e.innerText)).click()`)) },
  bin: {
    args: (around) => {
      const dir = join(around.home, 'spring');
      mkdirSync(dir);
      for (const name of ['reel_01.mp4', 'reel_02.mp4', 'reel 100% #3.mp4']) copyFileSync(clip, join(dir, name));
      return [dir];
    },
    ready: (window) => tell(window, 'reel_02.mp4'),
  },
};

/** Puts catalog, footage and music into the editor's home folder. */
function furnish() {
  cpSync(given_catalog, catalog, { recursive: true });
  mkdirSync(join(HOME, 'Footage'));
  copyFileSync(given_clip, clip);
  if (given_film !== given_clip) copyFileSync(given_film, film);
  symlinkSync(given_music, music);
}

mkdirSync(folder, { recursive: true });
let failed = 0;
for (const [name, { settings, args = [], sound = true, ready, then }] of Object.entries(STATES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const around = await surroundings({ width: 1920, height: 1080, sound, home: HOME });
  furnish();
  const config = join(around.home, '.config/needledrop');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'settings.json'), JSON.stringify({ catalog, play_first: false, ...settings?.(around) }));
  const photograph = (size) => spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'x11grab', '-video_size', size, '-i', around.env.DISPLAY, '-frames:v', '1', '-update', '1', join(folder, `${name}-${size}.png`)], { env: around.env, stdio: 'inherit' });
  let window;
  try {
    const open = async (given) => {
      window = await openWindow(around, binary, typeof given === 'function' ? given(around) : given);
      await window.size(1280, 800);
    };
    await open(args);
    await ready(window, around, async () => (await window.close(), open([])));
    await then?.(window);
    await sleep(1200);
    photograph('1280x800');
    await window.size(1920, 1080);
    await sleep(1500);
    photograph('1920x1080');
    await window.close();
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.error(`not ok ${name}: ${error.message}`);
    photograph('1280x800');
  } finally {
    await around.stop();
  }
}
process.exitCode = failed === 0 ? 0 : 1;
