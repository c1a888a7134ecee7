// Keys only: opens a clip, plays its tracks one after another, saves one and undoes that.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeWindow, matched, openWindow } from './window';

type Fake = { __fake: { read(): { track_id: string | null; playing: boolean; position_s: number } } };
const clock = (page: Page) => page.evaluate(() => (window as unknown as Fake).__fake.read());
const selected = (page: Page) => page.getByRole('option', { selected: true });
const titleOf = async (page: Page) => (await selected(page).locator('.title').textContent()) ?? '';

test('from opening to undo without a mouse', async () => {
  const page = await openWindow({ state: 'recent' });
  const clip = page.getByRole('button', { name: /^meadow_v3\.mov/ });
  await clip.waitFor();
  for (let presses = 0; presses < 20 && !(await clip.evaluate((one) => one === document.activeElement)); presses += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await matched(page);

  const first = await titleOf(page);
  expect((await clock(page)).track_id, 'the best track is ready to be heard').not.toBeNull();

  await page.keyboard.press('Space');
  await page.waitForFunction(() => (window as unknown as Fake).__fake.read().playing);
  const now_s = () => page.evaluate(() => performance.now() / 1000);
  const before_s = await now_s();
  const before = await clock(page);
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction((track) => (window as unknown as Fake).__fake.read().track_id !== track, before.track_id);
  const after = await clock(page);
  expect(after.playing, 'hopping does not stop it').toBe(true);
  const most_played_s = (await now_s()) - before_s;
  expect(after.position_s - before.position_s, 'the playhead moves only by playing').toBeLessThan(most_played_s + 0.5);
  expect(await titleOf(page)).not.toBe(first);

  await page.keyboard.press('5');
  await expect.poll(() => selected(page).getAttribute('aria-posinset')).toBe('5');

  await page.keyboard.press('s');
  const saved = await titleOf(page);
  await page.getByText(`Saved ‘${saved}’`).waitFor();
  expect(await page.getByRole('button', { name: 'picks 1' }).isVisible(), 'the foot counts it').toBe(true);
  await page.keyboard.press('z');
  await page.getByText(`Undone: saved ‘${saved}’`).waitFor();
  await page.getByRole('button', { name: 'picks 0' }).waitFor();
  await page.keyboard.press('Shift+Z');
  await page.getByRole('button', { name: 'picks 1' }).waitFor();
  await closeWindow(page);
});

test('the best track plays at once, unless the editor has paused or moved the clip', async () => {
  const page = await openWindow({ state: 'recent' });
  const open = async (pace: number) => {
    await page.goto(`${page.url().replace(/&pace=[^&]*/, '')}&first=play&pace=${pace}`);
    await page.getByRole('button', { name: /^meadow_v3\.mov/ }).click();
  };
  await open(0.1);
  await matched(page);
  await page.waitForFunction(() => (window as unknown as Fake).__fake.read().playing);
  expect((await clock(page)).track_id).not.toBeNull();
  await open(1);
  await page.getByRole('slider', { name: 'Timeline: playhead' }).press('End');
  await matched(page);
  expect((await clock(page)).playing).toBe(false);
  await closeWindow(page);
});

test('the focus follows the selected row, even outside the visible part', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  await page.getByRole('option').first().focus();
  for (let hops = 0; hops < 24; hops += 1) await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-posinset'))).toBe('25');
  const row = await selected(page).boundingBox();
  const list = await page.getByRole('listbox').boundingBox();
  expect(row!.y).toBeGreaterThanOrEqual(list!.y - 1);
  expect(row!.y + row!.height).toBeLessThanOrEqual(list!.y + list!.height + 1);
  expect(await page.getByRole('option').count(), 'every row is in the document, for screen readers').toBe(30);
  await closeWindow(page);
});

test('typed text gives no commands', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  const before = await titleOf(page);
  await page.keyboard.press('/');
  await page.keyboard.type('s 5 dark, no drums');
  expect(await page.getByRole('button', { name: 'picks 0' }).isVisible(), 'nothing was saved').toBe(true);
  expect(await titleOf(page)).toBe(before);
  await page.keyboard.press('Enter');
  await page.locator('.chip.minus', { hasText: 'drums' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'What the music should be' }).inputValue()).toBe('s 5 dark, no drums');
  expect(await page.getByRole('slider', { name: 'Words against picture' }).isVisible()).toBe(true);
  await closeWindow(page);
});

test('W focuses the weights, and Backspace resets them', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  const order = () => page.locator('[role=option] .title').allTextContents();
  const before = await order();
  await page.keyboard.press('w');
  await page.keyboard.press('Home');
  await expect.poll(order).not.toEqual(before);
  await page.keyboard.press('Backspace');
  await expect.poll(order).toEqual(before);
  await closeWindow(page);
});

test('a blind comparison shows no names until the editor asks for them', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  await page.keyboard.press('c');
  const third = page.getByRole('button', { name: /On now/ });
  await third.waitFor();
  const names = ['Hollow Ways', 'Tidewater Suite', 'Paper Lanterns', 'Small Hours', 'Thaw'];
  const seen = await page.locator('.window').innerText();
  expect(names.filter((name) => seen.includes(name))).toEqual([]);
  await page.keyboard.press('a');
  await page.keyboard.press('s');
  await page.getByText('Saved ‘this one’').waitFor();
  await page.keyboard.press('r');
  await page.getByText(/rank \d/).first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor();
  await closeWindow(page);
});
