// Kills the application at random moments while picks are saved, like a power cut. Every pick that
// the window had shown as saved must be there at the next start.
//   node kills.mjs BINARY CATALOG CLIP [TIMES]
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS, openWindow } from './driver.mjs';
import { surroundings, until } from './surroundings.mjs';

const [binary, catalog, clip, times = '20'] = process.argv.slice(2);
assert.ok(Number(times) < 30, 'a pick is made each time, and there are thirty rows');
const around = await surroundings();
const config = join(around.home, '.config/needledrop');
mkdirSync(config, { recursive: true });
writeFileSync(join(config, 'settings.json'), JSON.stringify({ catalog }));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const COUNT = `return Number([...document.querySelectorAll('button')].map((e) => /^picks (\\d+)/.exec(e.innerText)?.[1]).find(Boolean) ?? -1)`;

try {
  // Number of picks shown so far, and whether one more was requested when the application was killed.
  let [shown, asked] = [0, 0];
  for (let time = 1; time <= Number(times); time += 1) {
    const window = await openWindow(around, binary, [clip]);
    await window.until(`return document.querySelectorAll('[role=option]').length > 5`, 'rows', 60000);
    const found = await until(async () => {
      const count = await window.run(COUNT);
      return count >= 0 && [count];
    }, 'the number of picks');
    assert.ok(found[0] === shown || found[0] === shown + asked, `${shown} picks were shown, ${asked} more asked for; ${found[0]} are there`);
    [shown, asked] = [found[0], 0];
    const saved = `return document.querySelector('[role=option][aria-selected=true] .heart.saved') !== null`;
    do await window.keys(KEYS.down);
    while (await window.run(saved));
    asked = 1;
    await window.keys('s');
    if (Math.random() < 0.5) {
      await window.until(`${COUNT.replace('return ', 'return (')}) === ${shown + 1}`, 'the pick');
      [shown, asked] = [shown + 1, 0];
    }
    await sleep(Math.random() * 120);
    await window.kill();
    console.log(`ended ${time}: ${shown} shown, ${asked} asked for`);
  }
  const window = await openWindow(around, binary, [clip]);
  const last = await until(async () => {
    const count = await window.run(COUNT);
    return count >= shown && [count];
  }, `${shown} picks`);
  assert.ok(last[0] <= shown + asked);
  await window.close();
  console.log(`ended ${times} times, ${last[0]} picks, none lost`);
} catch (error) {
  console.error(error.stack);
  process.exitCode = 1;
} finally {
  await around.stop();
}
