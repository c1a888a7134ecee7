// The picture in sync with the sound, its substitutes, and the choice of a range.
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { closeWindow, findings, matched, openWindow, shot } from '../../tests/window';
import type { Clock } from '../platform/types';

type Seen = { __fake: { read(): Clock } };
const clock = (page: Page) => page.evaluate(() => (window as unknown as Seen).__fake.read());

let page: Page;

// Runs after a failure too: open pages hold the few connections that a browser makes to one address.
afterEach(() => closeWindow(page));

/** A window with its player as `window.__sync`. */
async function openMatched(): Promise<void> {
  page = await openWindow({ state: 'open', width: 1440, height: 900 });
  await page.goto(`${page.url()}&measure`);
  await matched(page);
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 3);
}

test('a paused picture shows exactly the frame at the position', async () => {
  await openMatched();
  const shownFrame = () =>
    page.evaluate(() => {
      const video = document.querySelector('video')!;
      return video.seeking ? -1 : Math.floor((video.currentTime * 24_000) / 1001 + 1e-4);
    });
  const wanted = async () => Math.floor(((await clock(page)).position_s * 24_000) / 1001 + 1e-4);
  await page.evaluate('window.__sync.audition.seek(33.3)');
  await expect.poll(shownFrame).toBe(await wanted());
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowRight']) {
    await page.locator('body').press(key);
    await expect.poll(async () => (await shownFrame()) === (await wanted())).toBe(true);
  }
});

test('the picture plays backwards with the clock', async () => {
  await openMatched();
  await page.evaluate('window.__sync.audition.seek(40)');
  await page.keyboard.press('j');
  const at_s = () => page.evaluate(() => document.querySelector('video')!.currentTime);
  await expect.poll(at_s).toBeLessThan(39.2);
  const before_s = await at_s();
  await expect.poll(at_s).toBeLessThan(before_s);
  await page.keyboard.press('k');
  await expect.poll(async () => (await clock(page)).playing).toBe(false);
});

test('while a playable copy is made, a still with the reason and the progress is shown', async () => {
  page = await openWindow({ state: 'proxy', pace: 0.25 });
  await page.getByText('Making a copy that plays smoothly').waitFor();
  await page.getByText(/ProRes 422 HQ cannot be played/).waitFor();
  await page.getByRole('progressbar', { name: 'Progress of the copy' }).waitFor();
  await page.locator('.picture img.still').waitFor();
  await shot(page, 'picture-proxy-1280x800');
  await page.locator('video').waitFor({ timeout: 20_000 });
});

test('a video that the window cannot play shows a message', async () => {
  page = await openWindow({ state: 'open' });
  await page.route('**/clip.mp4', (route) => route.fulfill({ status: 200, contentType: 'video/mp4', body: 'no video at all' }));
  await page.reload();
  await page.getByText('This picture cannot be shown here').waitFor();
  await shot(page, 'picture-unplayable-1280x800');
});

test('a long clip asks for a range: by drag, keys and typed timecode; Enter matches', async () => {
  page = await openWindow({ state: 'long-clip' });
  const part = (name: string) => page.getByRole('slider', { name, exact: true });
  const field = (name: string) => page.getByRole('textbox', { name });
  await part('Range').waitFor();
  expect(await findings(page)).toEqual([]);
  await shot(page, 'range-1280x800');
  const before = await field('In').inputValue();
  const box = (await part('Range').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 120, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => field('In').inputValue()).not.toBe(before);
  await part('Range').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => field('In').inputValue()).toBe('00:00:00;00');
  await field('In').fill('1:10');
  await field('In').press('Enter');
  await expect.poll(() => field('Out').inputValue()).toBe('00:01:59;28');
  await field('Out').fill('nonsense');
  await field('Out').press('Enter');
  await page.getByRole('alert').getByText(/A timecode such as/).waitFor();
  await field('Out').fill('00:02:10;02');
  await field('Out').press('Enter');
  await field('Out').press('Enter');
  await page.getByRole('option').first().waitFor();
  const { range_s } = await clock(page);
  expect(range_s[0]).toBeCloseTo(70, 1);
  expect(range_s[1]).toBeCloseTo(130.06, 1);
});
