// An editor's session in the real window: a clip is dropped, thirty tracks arrive, five are played, one is saved, and
// all of it is restored after a restart.
//   node journey.mjs BINARY CATALOG CLIP [FOLDER FOR SCREENSHOTS]
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEYS, openWindow } from './driver.mjs';
import { surroundings, until } from './surroundings.mjs';

const [binary, catalog, clip, shots] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const around = await surroundings();
const steps = [];
const step = async (name, act) => {
  const from = performance.now();
  await act();
  steps.push(name);
  console.log(`ok ${steps.length} - ${name} (${Math.round(performance.now() - from)} ms)`);
};
const look = async (window, name) => shots && window.screenshot(join(shots, `${name}.png`));
if (shots) mkdirSync(shots, { recursive: true });

const config = join(around.home, '.config/needledrop');
mkdirSync(config, { recursive: true });
writeFileSync(join(config, 'settings.json'), JSON.stringify({ catalog }));

const rows = `return [...document.querySelectorAll('[role=listbox] [role=option] .title')].map((e) => e.innerText)`;
const selected = `return document.querySelector('[role=option][aria-selected=true] .title')?.innerText ?? null`;
const foot = `return [...document.querySelectorAll('button')].map((e) => e.innerText).find((t) => /^picks/.test(t)) ?? ''`;

try {
  let window = await openWindow(around, binary);
  await step('an empty window asks for a clip', async () => {
    await window.until(`return document.body.innerText.includes('Drop a clip here')`, 'the empty window');
    await look(window, 'empty');
  });

  await step('a clip is dropped in', async () => {
    const drop = around.start('/usr/bin/python3', [join(here, 'drop.py'), clip]);
    let said = '';
    drop.stderr.on('data', (data) => (said += data));
    drop.stdout.on('data', (data) => (said += data));
    await until(() => drop.exitCode !== null, 'the drop to end');
    assert.equal(drop.exitCode, 0, said);
    await window.until(`return document.body.innerText.includes(${JSON.stringify(basename(clip))})`, 'the clip');
  });

  await step('a long clip asks for its range', async () => {
    const asks = await window.run(`return [...document.querySelectorAll('button')].some((e) => /Match this range/.test(e.innerText))`);
    if (asks) {
      await look(window, 'range');
      await window.keys(KEYS.enter);
    }
  });

  let first;
  await step('thirty rows come', async () => {
    await window.until(`${rows}.length > 5`, 'rows', 40000);
    assert.match(await window.run(`return document.body.innerText`), /30 of \d+/);
    first = await window.run(selected);
    assert.ok(first, 'the best one is selected');
    await look(window, 'first-rows');
  });

  await step('they are refined by how the clip moves', async () => {
    await window.until(`return /with rhythm/.test(document.body.innerText)`, 'the refined order', 120000);
    await look(window, 'refined');
  });

  const video = `const v = document.querySelector('video'); return v && { at: v.currentTime, paused: v.paused, wide: v.videoWidth, error: v.error?.message ?? null }`;
  await step('the picture plays with the best track, unasked', async () => {
    await window.until(`const v = document.querySelector('video'); return v && v.readyState >= 2`, 'a picture', 60000);
    const before = await window.run(video);
    await window.until(`const v = document.querySelector('video'); return v.currentTime > ${before.at + 1}`, 'the picture to move', 60000);
    const after = await window.run(video);
    assert.equal(after.error, null);
    assert.ok(after.wide > 0);
  });

  await step('five tracks are heard one after another, and the picture goes on', async () => {
    const heard = new Set([await window.run(selected)]);
    for (let hop = 0; hop < 5; hop += 1) {
      const [before, at] = [await window.run(selected), (await window.run(video)).at];
      await window.keys(KEYS.down);
      await window.until(`return document.querySelector('[role=option][aria-selected=true] .title')?.innerText !== ${JSON.stringify(before)}`, 'another track');
      heard.add(await window.run(selected));
      await window.until(`return document.querySelector('video').currentTime > ${at + 0.3}`, 'the picture to go on');
    }
    assert.equal(heard.size, 6);
    await look(window, 'hopped');
  });

  await step('a weight moves the order', async () => {
    const before = await window.run(rows);
    await window.keys('w');
    await window.keys('\uE011');
    await until(async () => JSON.stringify(await window.run(rows)) !== JSON.stringify(before), 'another order');
    await window.keys('\uE003');
    await until(async () => (await window.run(rows)).length > 5, 'rows');
    await window.keys(KEYS.escape);
  });

  await step('a filter leaves what fits it', async () => {
    const tempi = `return [...document.querySelectorAll('[role=listbox] [role=option] .bpm')].map((e) => Number(e.textContent))`;
    assert.ok((await window.run(tempi)).some((bpm) => bpm < 110), 'there are slower ones');
    await window.run(`[...document.querySelectorAll('button')].find((e) => e.innerText.trim() === 'BPM').click()`);
    await window.type('[aria-label="BPM at least"]', '110' + KEYS.enter);
    await until(async () => (await window.run(tempi)).every((bpm) => bpm >= 110), 'only faster ones');
    assert.ok((await window.run(tempi)).length > 3);
    await look(window, 'filtered');
    await window.run(`[...document.querySelectorAll('button')].find((e) => e.innerText.trim() === 'any').click()`);
    await until(async () => (await window.run(tempi)).some((bpm) => bpm < 110), 'the slower ones again');
    await window.keys(KEYS.escape);
  });

  let saved;
  await step('one is saved, undone, and done again', async () => {
    await window.keys(KEYS.escape);
    await window.run(`document.activeElement?.blur()`);
    saved = await window.run(selected);
    await window.keys('s');
    await until(async () => /picks 1/.test(await window.run(foot)), 'one pick');
    await window.keys('z');
    await until(async () => /picks 0/.test(await window.run(foot)), 'no pick');
    await window.keys('s');
    await until(async () => /picks 1/.test(await window.run(foot)), 'the pick again');
  });

  await step('after a restart the pick is there', async () => {
    await window.close();
    window = await openWindow(around, binary, [clip]);
    await window.until(`return document.body.innerText.includes(${JSON.stringify(basename(clip))})`, 'the clip');
    await until(async () => /picks 1/.test(await window.run(foot)), 'the pick');
    await window.keys('q');
    await window.until(`return document.body.innerText.includes(${JSON.stringify(saved)})`, 'its name');
    await look(window, 'picks');
  });
  await window.close();
  console.log(`${steps.length} passed, 0 failed`);
} catch (error) {
  console.error(`not ok ${steps.length + 1}: ${error.stack}`);
  process.exitCode = 1;
} finally {
  await around.stop();
}
