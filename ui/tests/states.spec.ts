// Every state of the window: it says what it should, axe finds nothing serious in dark and in light, and it is
// photographed where NEEDLEDROP_SHOTS names a folder.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { State } from '../src/platform/fake/scenes';
import { closeWindow, findings, matched, openWindow, shot } from './window';

type Shown = { name: string; state: State; pace?: number; ready: (page: Page) => Promise<unknown> };

const see = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();
const STATES: Shown[] = [
  { name: 'first-run', state: 'first-run', ready: see('Drop a clip here') },
  { name: 'recent', state: 'recent', ready: see('meadow_v3.mov') },
  { name: 'no-catalog', state: 'no-catalog', ready: see('There is no music to choose from yet') },
  { name: 'empty-catalog', state: 'empty-catalog', ready: see('The catalog has no tracks yet') },
  { name: 'broken-catalog', state: 'broken-catalog', ready: see('The catalog cannot be used') },
  { name: 'indexing', state: 'indexing', pace: 1, ready: see(/Hearing your music/) },
  { name: 'pack-missing', state: 'pack-missing', ready: see(/is not on this machine yet/) },
  { name: 'no-device', state: 'no-device', ready: async (page) => (await matched(page), see(/no sound device/)(page)) },
  { name: 'unreadable', state: 'unreadable', ready: see('meadow_v3.mov cannot be opened') },
  { name: 'remote-unreachable', state: 'remote-unreachable', ready: see('The machine that looks at the pictures does not answer') },
  { name: 'no-good-match', state: 'no-good-match', ready: async (page) => (await matched(page), see('Nothing in this catalog really fits')(page)) },
  { name: 'long-clip', state: 'long-clip', ready: see('Match this range') },
  { name: 'proxy', state: 'proxy', pace: 1, ready: async (page) => (await matched(page), see(/making a proxy|H\.264 copy/)(page)) },
  { name: 'waiting', state: 'waiting', ready: (page) => page.getByRole('status', { name: 'The first rows are on their way' }).waitFor() },
  { name: 'matched', state: 'open', ready: matched },
];

describe.each(STATES)('$name', ({ name, state, pace, ready }) => {
  test.each(['dark', 'light'] as const)('is accessible in %s', async (theme) => {
    const page = await openWindow({ state, theme, pace });
    await ready(page);
    await shot(page, `${name}-1280x800-${theme}`);
    expect(await findings(page)).toEqual([]);
    if (theme === 'dark') {
      await page.setViewportSize({ width: 1920, height: 1080 });
      await shot(page, `${name}-1920x1080-${theme}`);
      if (name === 'matched') {
        await page.setViewportSize({ width: 1440, height: 900 });
        await shot(page, `${name}-1440x900-${theme}`);
      }
      expect(await page.evaluate(() => [document.body.scrollWidth, document.body.scrollHeight]), 'nothing hangs over').toEqual(await page.evaluate(() => [innerWidth, innerHeight]));
    }
    await closeWindow(page);
  });
});

const OPENED: [string, (page: Page) => Promise<unknown>][] = [
  ['settings', (page) => page.keyboard.press('Control+,').then(() => page.getByRole('dialog', { name: 'Settings' }).waitFor())],
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
      const { tell } = (window as never as { __fake: { tell(told: object): void } }).__fake;
      tell({ kind: 'device', output: null, lost: 'Studio Monitor' });
      tell({ kind: 'job_ended', job: 99, job_kind: 'proxy', cancelled: false, fault: { code: 'disk_full', message: '2.1 GB were expected to be free for the proxy; 310 MB are.', hint: 'Clear the cache in Settings, or free some room.' } });
    })],
  ['bin', (page) => page.evaluate(() => (window as never as { __fake: { drop(dropped: object): void } }).__fake.drop({ kind: 'drop', paths: ['/footage/spring'] })).then(() => page.getByText('reel_05.mov').waitFor())],
  ['dropping', (page) => page.evaluate(() => (window as never as { __fake: { drop(dropped: object): void } }).__fake.drop({ kind: 'over', paths: [] }))],
];

describe.each(OPENED)('%s', (name, open) => {
  test.each(['dark', 'light'] as const)('is accessible in %s', async (theme) => {
    const page = await openWindow({ state: 'open', theme });
    await matched(page);
    await open(page);
    await shot(page, `${name}-1280x800-${theme}`);
    expect(await findings(page)).toEqual([]);
    if (theme === 'dark') {
      await page.setViewportSize({ width: 1920, height: 1080 });
      await shot(page, `${name}-1920x1080-${theme}`);
    }
    await closeWindow(page);
  });
});
