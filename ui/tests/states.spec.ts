// Every state of the window: its texts are there, axe finds nothing serious in dark and in light. Each is
// photographed if NEEDLEDROP_SHOTS names a folder.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { State } from '../src/platform/fake/scenes';
import { closeWindow, findings, matched, openWindow, shot } from './window';

type Shown = { name: string; state: State; pace?: number; ready: (page: Page) => Promise<unknown> };

const see = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();
const STATES: Shown[] = [
  { name: 'first-run', state: 'first-run', ready: see('Drop a clip here') },
  { name: 'recent', state: 'recent', ready: see('meadow_v3.mov') },
  { name: 'no-catalog', state: 'no-catalog', ready: see('There is no music in the catalog yet') },
  { name: 'empty-catalog', state: 'empty-catalog', ready: see('The catalog has no tracks yet') },
  { name: 'broken-catalog', state: 'broken-catalog', ready: see('The catalog cannot be used') },
  { name: 'indexing', state: 'indexing', pace: 1, ready: see(/Indexing your music/) },
  { name: 'pack-missing', state: 'pack-missing', ready: see(/is not on this machine yet/) },
  { name: 'no-device', state: 'no-device', ready: async (page) => (await matched(page), see(/no sound device/)(page)) },
  { name: 'unreadable', state: 'unreadable', ready: see('meadow_v3.mov cannot be opened') },
  { name: 'no-good-match', state: 'no-good-match', ready: async (page) => (await matched(page), see('Nothing in this catalog really fits')(page)) },
  { name: 'long-clip', state: 'long-clip', ready: see('Match this range') },
  { name: 'proxy', state: 'proxy', pace: 1, ready: async (page) => (await matched(page), see(/making a proxy|H\.264 copy/)(page)) },
  { name: 'waiting', state: 'waiting', ready: (page) => page.getByRole('status', { name: 'The first rows are on their way' }).waitFor() },
  { name: 'matched', state: 'open', ready: matched },
];

/** Checks the window in both themes. It follows the system's theme, so the page is opened once. */
async function lookAt(page: Page, name: string): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
    await shot(page, `${name}-1280x800-${theme}`);
    expect(await findings(page), `in ${theme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const [width, height] of [[1920, 1080], [1440, 900]] as const) {
    await page.setViewportSize({ width, height });
    await shot(page, `${name}-${width}x${height}-dark`);
    expect(await page.evaluate(() => [document.body.scrollWidth - innerWidth, document.body.scrollHeight - innerHeight]), 'nothing hangs over').toEqual([0, 0]);
  }
}

test.each(STATES)('$name says what it should and is accessible', async ({ name, state, pace, ready }) => {
  const page = await openWindow({ state, theme: 'system', pace });
  await ready(page);
  await lookAt(page, name);
  await closeWindow(page);
});

const OPENED: [string, (page: Page) => Promise<unknown>][] = [
  ['settings', (page) => page.keyboard.press('Control+,').then(() => page.getByRole('dialog', { name: 'Settings' }).waitFor())],
  ['indexed', async (page) => {
    await page.keyboard.press('Control+,');
    await page.getByRole('button', { name: 'Index new files' }).click();
    await page.getByText('412 added, 2 could not be read').waitFor();
    await page.getByText('Files that could not be read').click();
    await page.getByText('old mix.wma', { exact: true }).scrollIntoViewIfNeeded();
  }],
  ['keys', (page) => page.keyboard.press('?').then(() => page.getByRole('dialog', { name: 'All keys' }).waitFor())],
  ['compare', (page) => page.keyboard.press('b').then(() => page.getByRole('group', { name: 'Blind comparison' }).waitFor())],
  ['picks', async (page) => {
    for (const key of ['s', 'ArrowDown', 's', 'q']) await page.keyboard.press(key);
    await page.getByRole('textbox', { name: /Note on/ }).nth(1).waitFor();
  }],
  ['search', async (page) => {
    await page.keyboard.press('t');
    await page.keyboard.type('strings calm');
    await page.getByRole('option').first().waitFor();
  }],
  ['similar', (page) => page.keyboard.press('m').then(() => page.getByText('More like').first().waitFor())],
  ['filter-key', (page) => page.getByRole('button', { name: 'Filter by key' }).click()],
  ['filter-tags', (page) => page.getByRole('button', { name: 'Filter by tags' }).click()],
  ['menu', (page) => page.keyboard.press('x').then(() => page.getByRole('menu').waitFor())],
  ['pack', (page) => page.getByRole('button', { name: /Model pack and provider/ }).click()],
  ['brief', async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('warm, hopeful strings, no drums, 96 bpm, minor ok, leave room for speech');
    await page.keyboard.press('Enter');
    await page.locator('.chip.minus').waitFor();
    await page.getByRole('button', { name: 'Filter by voices' }).click();
    await page.getByText('instrumental').click();
    await page.keyboard.press('Escape');
  }],
  ['faults', (page) =>
    page.evaluate(() => {
      const { emit } = (window as never as { __fake: { emit: (event: object) => void } }).__fake;
      emit({ kind: 'device', output: null, lost: 'Studio Monitor' });
      emit({ kind: 'job_ended', job: 99, job_kind: 'proxy', cancelled: false, fault: { code: 'disk_full', message: '2.1 GB were expected to be free for the proxy; 310 MB are.', hint: 'Clear the cache in Settings, or free some room.' } });
    })],
  ['bin', (page) => page.evaluate(() => (window as never as { __fake: { drop: (dropped: object) => void } }).__fake.drop({ kind: 'drop', paths: ['/footage/spring'] })).then(() => page.getByText('reel_05.mov').waitFor())],
  ['dropping', (page) => page.evaluate(() => (window as never as { __fake: { drop: (dropped: object) => void } }).__fake.drop({ kind: 'over', paths: [] }))],
];

test.each(OPENED)('%s is accessible', async (name, open) => {
  const page = await openWindow({ state: 'open', theme: 'system' });
  await matched(page);
  await open(page);
  await lookAt(page, name);
  await closeWindow(page);
});
