// Pointer and keys in the timeline, over the fake engine.
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeWindow, matched, openWindow, shot } from '../../tests/window';
import type { Clock } from '../platform/types';

type Fake = { __fake: { read(): Clock } };
const clock = (page: Page) => page.evaluate(() => (window as unknown as Fake).__fake.read());
const timeline = (page: Page) => page.getByRole('slider', { name: 'Timeline: playhead' });
const BEAT_S = 60 / 96;

let page: Page;
let box: { x: number; y: number; width: number; height: number };

beforeEach(async () => {
  page = await openWindow({ state: 'open', width: 1440, height: 900 });
  await matched(page);
  await expect.poll(async () => (await clock(page)).track_id).not.toBeNull();
  box = (await timeline(page).boundingBox())!;
});
afterEach(() => closeWindow(page));

/** The x position of `at_s` while the timeline shows `from_s` to `to_s`. */
const xOf = (at_s: number, [from_s, to_s]: [number, number]) => Math.round(box.x + 12 + ((at_s - from_s) / (to_s - from_s)) * (box.width - 24));
const RANGE: [number, number] = [12.04, 72.04];

async function drag(from: [number, number], to: [number, number], keys: 'Alt'[] = []): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  for (const key of keys) await page.keyboard.down(key);
  await page.mouse.move((from[0] + to[0]) / 2, to[1]);
  await page.mouse.move(...to);
  await page.mouse.up();
  for (const key of keys) await page.keyboard.up(key);
}

test('a click seeks and playing continues', async () => {
  await page.keyboard.press(' ');
  const now_s = () => page.evaluate(() => performance.now() / 1000);
  const before_s = await now_s();
  await page.mouse.click(xOf(40, RANGE), box.y + 130);
  const { position_s, playing } = await clock(page);
  const most_played_s = (await now_s()) - before_s;
  expect(position_s).toBeGreaterThan(39.9);
  expect(position_s).toBeLessThan(40.1 + most_played_s);
  expect(playing).toBe(true);
});

test('a drag scrubs while paused; playing continues on release', async () => {
  await page.keyboard.press(' ');
  await page.mouse.move(xOf(20, RANGE), box.y + 130);
  await page.mouse.down();
  await page.mouse.move(xOf(30, RANGE), box.y + 130, { steps: 6 });
  await expect.poll(async () => (await clock(page)).playing).toBe(false);
  await expect.poll(async () => Math.abs((await clock(page)).position_s - 30)).toBeLessThan(0.1);
  await page.mouse.up();
  await expect.poll(async () => (await clock(page)).playing).toBe(true);
});

test('the wheel zooms around the pointer; a double click fits the range', async () => {
  const x = xOf(40, RANGE);
  await page.mouse.move(x, box.y + 130);
  for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -120);
  await page.mouse.click(x, box.y + 130);
  await expect.poll(async () => Math.abs((await clock(page)).position_s - 40)).toBeLessThan(0.08);
  // Zoomed in, a hundred pixels are much less than the seven seconds before.
  await page.mouse.click(x + 100, box.y + 130);
  const near_s = (await clock(page)).position_s;
  expect(near_s).toBeGreaterThan(40.1);
  expect(near_s).toBeLessThan(42.5);
  await shot(page, 'timeline-close-1440x900');
  await page.mouse.dblclick(x, box.y + 130);
  await page.mouse.click(xOf(60, RANGE), box.y + 130);
  await expect.poll(async () => Math.abs((await clock(page)).position_s - 60)).toBeLessThan(0.08);
});

test('a drag moves the music by whole beats, with Alt freely; Escape cancels', async () => {
  const before_s = (await clock(page)).start_s;
  const y = box.y + box.height * 0.72;
  const px_per_s = (box.width - 24) / 60;
  const sheet_beat_s = await page.evaluate(() => 60 / Number(document.querySelector('[role=option][aria-selected=true] .bpm')?.textContent)) || BEAT_S;
  await drag([box.x + 300, y], [box.x + 300 - 2.1 * sheet_beat_s * px_per_s, y]);
  await expect.poll(async () => (await clock(page)).start_s - before_s).toBeCloseTo(2 * sheet_beat_s, 3);
  const beats_s = (await clock(page)).start_s;
  await drag([box.x + 300, y], [box.x + 310, y], ['Alt']);
  await expect.poll(async () => beats_s - (await clock(page)).start_s).toBeCloseTo(10 / px_per_s, 2);
  const free_s = (await clock(page)).start_s;
  await page.mouse.move(box.x + 300, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 380, y, { steps: 3 });
  await page.getByText(/starts at/).waitFor();
  await shot(page, 'timeline-slip-1440x900');
  await timeline(page).focus();
  await page.keyboard.press('Escape');
  await page.mouse.up();
  expect((await clock(page)).start_s).toBe(free_s);
});

test('the editor’s own start survives a hop to another track and back', async () => {
  await page.keyboard.press('.');
  const own_s = (await clock(page)).start_s;
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => (await clock(page)).start_s).not.toBe(own_s);
  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => (await clock(page)).start_s).toBe(own_s);
});

test('a dragged end of the range snaps to a near cut; the music stays in place', async () => {
  const before = await clock(page);
  const y = box.y + 50;
  // The invented clip has a cut at 4.12 s of its range.
  await drag([xOf(RANGE[0], RANGE), y], [xOf(RANGE[0] + 4.12, RANGE) + 5, y]);
  await expect.poll(async () => (await clock(page)).range_s[0]).toBeCloseTo(RANGE[0] + 4.12, 3);
  const after = await clock(page);
  expect(after.range_s[1]).toBeCloseTo(RANGE[1], 6);
  expect(after.start_s - after.range_s[0]).toBeCloseTo(before.start_s - before.range_s[0], 6);
});

test('has keys and timecode labels', async () => {
  await timeline(page).focus();
  const text = () => timeline(page).getAttribute('aria-valuetext');
  await page.keyboard.press('Home');
  await expect.poll(text).toBe('00:00:12:00');
  await page.keyboard.press('ArrowRight');
  await expect.poll(text).toBe('00:00:12:01');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(text).toBe('00:00:13:01');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(text).toBe('00:00:13:00');
  await page.keyboard.press(' ');
  await expect.poll(text).toBe('playing');
});

test('a changed cut sensitivity shows other cuts at once and ranks again; double click resets it', async () => {
  const slider = page.getByRole('slider', { name: 'Cut sensitivity' });
  const said = async () => (await slider.getAttribute('aria-valuetext')) ?? '';
  const cuts = async () => Number(/(\d+) cuts/.exec(await said())?.[1]);
  await slider.waitFor();
  const before = await cuts();
  await slider.fill('0.1');
  await expect.poll(cuts).toBeLessThan(before);
  await slider.dblclick();
  await expect.poll(cuts).toBe(before);
});
