// The list while the engine works and while the pointer is in it.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeWindow, matched, openWindow } from './window';

type Fake = { __fake: { most: Record<string, number>; last: Record<string, unknown[]>; emit: (event: object) => void; drop: (dropped: object) => void } };
const titles = (page: Page) => page.locator('[role=option] .title').allTextContents();

test('a refined order waits while the pointer is in the list; Enter applies it', async () => {
  const page = await openWindow({ state: 'open', pace: 1 });
  await page.getByRole('option').first().waitFor();
  await page.getByRole('option').nth(3).hover();
  const before = await titles(page);
  await page.getByRole('button', { name: /order refined/ }).waitFor();
  expect(await titles(page), 'no row moved').toEqual(before);
  await page.keyboard.press('Enter');
  await expect.poll(() => titles(page)).not.toEqual(before);
  await closeWindow(page);
});

test('a refined order waits until the pointer leaves', async () => {
  const page = await openWindow({ state: 'open', pace: 1 });
  await page.getByRole('option').first().waitFor();
  await page.getByRole('option').nth(3).hover();
  const before = await titles(page);
  await page.getByRole('button', { name: /order refined/ }).waitFor();
  await page.mouse.move(20, 20);
  await expect.poll(() => titles(page)).not.toEqual(before);
  await closeWindow(page);
});

test('a refined order is applied at once if the pointer is elsewhere', async () => {
  const page = await openWindow({ state: 'open', pace: 1 });
  await page.mouse.move(20, 20);
  await page.getByRole('option').first().waitFor();
  const before = await titles(page);
  await expect.poll(() => titles(page), { timeout: 5000 }).not.toEqual(before);
  await closeWindow(page);
});

test('a dragged slider has one request in flight, and the last value counts', async () => {
  const page = await openWindow({ state: 'open', pace: 1 });
  await matched(page);
  const slider = page.getByRole('slider', { name: 'Weight of Key' });
  const { x, y, width, height } = (await slider.boundingBox())!;
  await page.mouse.move(x + 8, y + height / 2);
  await page.mouse.down();
  for (let step = 0; step <= 60; step += 1) await page.mouse.move(x + 8 + ((width - 12) * step) / 60, y + height / 2);
  await page.mouse.up();
  await expect.poll(() => slider.inputValue().then(Number)).toBeGreaterThan(0.9);
  const sent = () => page.evaluate(() => ((window as unknown as Fake).__fake.last.rerank?.[1] as { weights: { key: number } } | undefined)?.weights.key);
  await expect.poll(sent, { message: 'the last request has the last value' }).toBe(Number(await slider.inputValue()));
  expect(await page.evaluate(() => (window as unknown as Fake).__fake.most.rerank), 'one in flight at a time').toBe(1);
  await closeWindow(page);
});

test('filters narrow the list, show as chips and are cleared with Delete', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  await page.keyboard.press('f');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'BPM at least' }).fill('120');
  await page.keyboard.press('Tab');
  const chip = page.getByRole('button', { name: 'Filter by BPM 120–300' });
  await chip.waitFor();
  await expect.poll(async () => (await page.locator('[role=option] .bpm').allTextContents()).every((bpm) => Number(bpm) >= 120)).toBe(true);
  await page.keyboard.press('Escape');
  await chip.focus();
  await page.keyboard.press('Delete');
  await page.getByText('30 of 40,012').waitFor();
  await page.getByRole('button', { name: 'Filter by tags' }).click();
  await page.keyboard.type('ligh');
  expect(await page.getByRole('listbox', { name: 'Tags of the catalog' }).getByRole('option').count(), 'nothing is offered for a tag nobody has').toBe(0);
  for (const key of ['Backspace', 'Backspace', 'Backspace', 'Backspace']) await page.keyboard.press(key);
  await page.keyboard.type('stri');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Filter by strings' }).waitFor();
  await page.getByText(/^7 of 40,012/).waitFor();
  await closeWindow(page);
});

test('the analysis of the clip can be stopped', async () => {
  const page = await openWindow({ state: 'open', pace: 8 });
  await page.getByRole('option').first().waitFor({ timeout: 15_000 });
  await page.getByRole('button', { name: /^Stop watching/ }).click();
  await page.locator('.line progress').waitFor({ state: 'detached' });
  expect(await page.getByRole('option').count(), 'the first rows stay').toBeGreaterThan(5);
  await closeWindow(page);
});

test('a click into the small waveform starts the track there', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  const wave = page.getByRole('option').nth(2).locator('[data-act=wave]:visible');
  const box = (await wave.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect.poll(() => page.evaluate(() => (window as never as { __fake: { read(): { start_s: number } } }).__fake.read().start_s)).toBeGreaterThan(60);
  await closeWindow(page);
});

test('similar tracks, and back to the match', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  const before = await titles(page);
  await page.keyboard.press('m');
  await page.getByText(`More like ${before[0]}`).waitFor();
  await expect.poll(() => titles(page)).not.toContain(before[0]);
  await page.keyboard.press('Escape');
  await expect.poll(() => titles(page)).toEqual(before);
  await closeWindow(page);
});

test('a dropped path opens by its file type, not its name: a damaged clip with its fault, a folder as a bin, a clip without an extension', async () => {
  const page = await openWindow({ state: 'recent' });
  const drop = (path: string) => page.evaluate((one) => (window as unknown as Fake).__fake.drop({ kind: 'drop', paths: [one] }), path);
  await page.getByText('Drop a clip here').waitFor();
  await drop('/footage/torn.mov');
  await page.getByText('torn.mov cannot be opened').waitFor();
  await drop('/footage/rushes.v2');
  await page.getByRole('region', { name: 'rushes.v2' }).getByText('reel_05.mov').waitFor();
  await drop('/footage/spring/A001_C003');
  await matched(page);
  // A second start of the application passes its clip to this window.
  await page.evaluate(() => (window as unknown as Fake).__fake.emit({ kind: 'open', path: '/footage/spring/harbour.mov' }));
  await page.getByText('harbour.mov').first().waitFor();
  await closeWindow(page);
});

test('rows of an older match are dropped', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  const before = await titles(page);
  await page.evaluate(() =>
    (window as unknown as Fake).__fake.emit({
      kind: 'rows', report: null,
      rows: { match: 0, refined: true, results: [], candidates: 0, confidence: 0, no_good_match: true, pack: '', provider: '', peaks: {}, catalog: { tracks: 0 }, brief: { words: [], text: null }, timings_ms: { total: 0 }, warnings: [] },
    }),
  );
  expect(await titles(page)).toEqual(before);
  expect(await page.getByText('Nothing in this catalog really fits').count()).toBe(0);
  await closeWindow(page);
});

test('a lost device and a failed track give a message with a next step', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  await page.evaluate(() => {
    const { emit } = (window as unknown as Fake).__fake;
    emit({ kind: 'device', output: { name: 'HDMI Output', rate_hz: 48000, buffer_frames: 256, latency_ms: 20 }, lost: 'Studio Monitor' });
    emit({ kind: 'track_failed', track_id: 't01', message: 'A decodable file was expected at Thaw.flac; it ends after 2 s.' });
  });
  await page.getByText('Sound continues on HDMI Output.').waitFor();
  await page.getByText(/index its folder again/).waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).first().click();
  await expect.poll(() => page.getByRole('alert').count()).toBe(1);
  await closeWindow(page);
});
