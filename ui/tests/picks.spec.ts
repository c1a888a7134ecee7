// The picks of a clip, and the settings.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeWindow, matched, openWindow } from './window';

const names = (page: Page) => page.locator('.picks .title').allTextContents();

async function withPicks(): Promise<Page> {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  for (const key of ['s', 'ArrowDown', 's', 'ArrowDown', 's', 'q']) await page.keyboard.press(key);
  await expect.poll(() => names(page)).toHaveLength(3);
  return page;
}

test('arrows and drags move picks; undo moves them back', async () => {
  const page = await withPicks();
  const [a, b, c] = (await names(page)) as [string, string, string];
  await page.getByRole('button', { name: `Move ${a};` }).focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => names(page)).toEqual([b, a, c]);
  await page.getByRole('button', { name: `Move ${c};` }).dragTo(page.getByRole('button', { name: `Move ${b};` }));
  await expect.poll(() => names(page)).toEqual([c, b, a]);
  await page.getByRole('region', { name: 'Picks of this clip' }).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => names(page)).toEqual([b, a, c]);
  await closeWindow(page);
});

test('a note is edited in place and saved', async () => {
  const page = await withPicks();
  const [first] = (await names(page)) as [string];
  const note = page.getByRole('textbox', { name: `Note on ${first}` });
  await note.fill('for the opening, s');
  await page.keyboard.press('Enter');
  await page.keyboard.press('q');
  await page.keyboard.press('q');
  await expect.poll(() => page.getByRole('textbox', { name: `Note on ${first}` }).inputValue()).toBe('for the opening, s');
  expect(await names(page), 'the s of the note saved nothing').toHaveLength(3);
  await closeWindow(page);
});

test('Undo in the notice brings a removed pick back', async () => {
  const page = await withPicks();
  const before = await names(page);
  await page.getByRole('button', { name: `Remove ${before[1]}` }).click();
  await expect.poll(() => names(page)).toHaveLength(2);
  const notice = page.getByRole('status').filter({ hasText: `Removed ‘${before[1]}’` });
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => names(page)).toEqual(before);
  await closeWindow(page);
});

test('the credit line is copied', async () => {
  const page = await withPicks();
  const [first] = (await names(page)) as [string];
  await page.getByRole('button', { name: `Copy the credit line of ${first}` }).click();
  await page.getByText('The credit line is copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`“${first}” by `);
  await closeWindow(page);
});

test('settings take effect at once and Escape closes them', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  await page.keyboard.press('Control+,');
  const sheet = page.getByRole('dialog', { name: 'Settings' });
  await sheet.getByText('Light', { exact: true }).click();
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
  await sheet.getByRole('combobox', { name: 'Runs on' }).selectOption('cpu');
  await page.getByText('These rows were found with the earlier settings').waitFor();
  await sheet.getByRole('button', { name: 'Clear' }).click();
  await sheet.getByText(/^0 B/).waitFor();
  await sheet.getByRole('button', { name: 'Add a folder…' }).click();
  await sheet.getByText('/home/editor/Music/New').waitFor();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await closeWindow(page);
});

test('keys move the split within its limits', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  const split = page.getByRole('separator', { name: 'Width of the picture' });
  await split.focus();
  for (let presses = 0; presses < 40; presses += 1) await page.keyboard.press('ArrowLeft');
  await expect.poll(() => split.getAttribute('aria-valuenow')).toBe('45');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => split.getAttribute('aria-valuenow')).toBe('46');
  await closeWindow(page);
});

test('a missing pack is fetched or replaced by the built-in one', async () => {
  const page = await openWindow({ state: 'pack-missing' });
  await page.getByRole('button', { name: 'Fetch it' }).click();
  await page.getByRole('progressbar', { name: 'Fetching the model' }).waitFor();
  await page.getByText(/is not on this machine yet/).waitFor({ state: 'detached' });
  await closeWindow(page);
});
