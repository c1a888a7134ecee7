// How fast the real window is, and how much it takes.
//   node measure.mjs FOLDER-OF-BINARIES CATALOG CLIP [TIMES]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEYS, openWindow } from '../../ui/e2e/driver.mjs';
import { surroundings, until } from '../../ui/e2e/surroundings.mjs';

const [binaries, catalog, clip, times = '5'] = process.argv.slice(2);
const binary = join(binaries, 'needledrop-app');
const drop_py = join(dirname(fileURLToPath(import.meta.url)), '../../ui/e2e/drop.py');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[values.length >> 1];
const told = (name, values, unit = 'ms') => console.log(`${name}: median ${median(values).toFixed(0)} ${unit} of ${sorted(values).map((v) => v.toFixed(0)).join(', ')}`);
const RATE = 48000;

const around = await surroundings({ width: 1280, height: 800 });
const config = join(around.home, '.config/needledrop');
mkdirSync(config, { recursive: true });
writeFileSync(join(config, 'settings.json'), JSON.stringify({ catalog, levels: { music: 1, clip: 0, duck: false, match_loudness: false } }));

/** All processes that a window consists of: those with this run's display in their environment. */
function processes() {
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readlinkSync(`/proc/${pid}/exe`);
      if (!/needledrop-app|empty_window|WebKit\w+Process/.test(command)) continue;
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`DISPLAY=${around.env.DISPLAY}`)) continue;
      const smaps = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      const of = (field) => Number(smaps.match(new RegExp(`^${field}:\\s+(\\d+)`, 'm'))[1]) / 1024;
      found.push({ name: command.split('/').pop(), rss: of('Rss'), pss: of('Pss') });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}
function memory(name) {
  const all = processes();
  const sum = (field) => all.reduce((total, one) => total + one[field], 0);
  console.log(`${name}: ${sum('pss').toFixed(0)} MiB (shared pages counted once), ${sum('rss').toFixed(0)} MiB resident; ${all.map((one) => `${one.name} ${one.pss.toFixed(0)}`).join(', ')}`);
}

/** When this process began, on the wall clock in milliseconds. */
function began(pid) {
  const after = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const up_s = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return Date.now() - (up_s - Number(after[19]) / 100) * 1000;
}

const mark = (window, name) =>
  window.until(`const m = performance.getEntriesByName(${JSON.stringify(name)})[0]; return m ? performance.timeOrigin + m.startTime : null`, name, 60000);
const WATCH = `window.__rows = null; new MutationObserver(() => { if (!window.__rows && document.querySelector('[role=option]')) requestAnimationFrame(() => { window.__rows ??= performance.timeOrigin + performance.now(); }); }).observe(document.body, { childList: true, subtree: true });`;

function record() {
  const parec = around.start('parec', ['-d', 'monitor_me.monitor', '--rate=48000', '--channels=1', '--format=s16le', '--raw', '--latency-msec=5', '--process-time-msec=2']);
  let total = 0;
  let first = null;
  parec.stdout.on('data', (data) => {
    const samples = new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + (data.length & ~1)));
    const now = performance.timeOrigin + performance.now();
    total += samples.length;
    const at = samples.findIndex((sample) => Math.abs(sample) > 60);
    if (first === null && at >= 0) first = now - ((samples.length - at) / RATE) * 1000;
  });
  return { stop: () => around.end(parec), first: () => first };
}

async function drop() {
  const dropping = around.start('/usr/bin/python3', [drop_py, clip]);
  await until(() => dropping.exitCode !== null, 'the drop to end');
}

/** Refreshes a second while `act` is done at each. */
const refreshes = (window, act) =>
  window.runAsync(
    `const done = arguments[0]; const act = ${act}; const times = []; const step = (now) => { times.push(now); act(times.length); if (now - times[0] < 3000) requestAnimationFrame(step); else done(times); }; requestAnimationFrame(step);`,
  );
function fps(name, times) {
  const gaps = times.slice(1).map((at, index) => at - times[index]);
  console.log(`${name}: ${((1000 * gaps.length) / (times.at(-1) - times[0])).toFixed(1)} a second, slowest of twenty ${sorted(gaps)[Math.floor(gaps.length * 0.95)].toFixed(0)} ms`);
}

try {
  // What is on the disk once is there for every start that is measured.
  const starts = [];
  const [first_rows, first_sounds] = [[], []];
  for (let time = 0; time <= Number(times); time += 1) {
    const window = await openWindow(around, binary);
    const interactive = (await mark(window, 'interactive')) - began(window.pids()[0]);
    if (time === 0) {
      memory('just opened');
      await window.close();
      continue;
    }
    starts.push(interactive);
    await sleep(3000);
    const sound = record();
    await sleep(500);
    await window.run(WATCH);
    await drop();
    const dropped = await mark(window, 'dropped');
    first_rows.push((await window.until('return window.__rows', 'rows', 60000)) - dropped);
    await until(() => sound.first(), 'sound').catch(async (error) => {
      console.error(JSON.stringify(await window.runAsync(`const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('clock').then(done, done)`)), window.errors.join(''));
      throw error;
    });
    first_sounds.push(sound.first() - dropped);
    await sound.stop();
    if (time < Number(times)) {
      await window.close();
      continue;
    }
    await window.until(`return /with rhythm/.test(document.body.innerText)`, 'the watch to end', 120000);
    await sleep(1500);
    memory('thirty rows, playing');
    await window.keys(' ');
    const sliders = [];
    for (let move = 0; move < 15; move += 1) {
      await window.run(`const list = document.querySelector('[role=listbox]'); window.__moved = null;
        addEventListener('input', () => {
          const from = performance.now();
          const changed = new MutationObserver(() => { changed.disconnect(); requestAnimationFrame(() => { window.__moved = performance.now() - from; }); });
          changed.observe(list, { childList: true, subtree: true, characterData: true, attributes: true });
        }, { once: true, capture: true });
        const slider = document.querySelectorAll('aside input[type=range], .side input[type=range]')[${move % 2}]; slider.value = ${move % 4 < 2 ? 'Number(slider.value) * 0.5' : 'Number(slider.max) * 0.9'}; slider.dispatchEvent(new Event('input', { bubbles: true }));`);
      sliders.push(await window.until('return window.__moved', 'another order', 5000));
      await sleep(200);
    }
    told('slider to new order', sliders);
    await window.keys(KEYS.escape);
    fps('scrolling', await refreshes(window, `(n) => { const list = document.querySelector('[role=listbox]'); let at = list; while (at && at.scrollHeight <= at.clientHeight + 1) at = at.parentElement; (at ?? list).scrollTop = 400 + 400 * Math.sin(n / 15); }`));
    fps('scrubbing', await refreshes(window, `(n) => { const box = document.querySelector('.timeline .box'); const r = box.getBoundingClientRect(); const e = (type) => box.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, button: 0, buttons: 1, clientX: r.left + r.width * (0.5 + 0.4 * Math.sin(n / 30)), clientY: r.top + 8 })); if (n === 1) { box.setPointerCapture = () => {}; e('pointerdown'); } else e('pointermove'); }`));
    await window.close();
  }
  told('start to interactive', starts);
  told('drop to first row', first_rows);
  told('drop to first sound', first_sounds);

  const empty = around.start(join(binaries, 'examples/empty_window'), []);
  await sleep(4000);
  memory('an empty window');
  await around.end(empty);
} catch (error) {
  console.error(error.stack);
  process.exitCode = 1;
} finally {
  await around.stop();
}
