// Measures the offset between picture and sound.
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { closeWindow, matched, openWindow } from '../../tests/window';
import type { Audition } from '../audition/audition.svelte';

type Seen = { __sync: { audition: Audition } };

let page: Page;

afterEach(() => closeWindow(page));

/** 95th percentile of the offset over `for_s` seconds, after half a second to settle. */
const within = (page: Page, for_s: number) =>
  page.evaluate(async (seconds) => {
    const { telemetry } = (window as unknown as Seen).__sync.audition;
    const since_ms = performance.now() + 500;
    while (performance.now() < since_ms + seconds * 1000) await new Promise(requestAnimationFrame);
    return { within_ms: telemetry.within_ms(0.95, since_ms), frames: telemetry.last().filter(({ at_ms }) => at_ms >= since_ms).length };
  }, for_s);

test('the picture follows the sound within 20 ms: playing, after seeks, over the seam of the loop and through hops', async () => {
  page = await openWindow({ state: 'open', width: 1440, height: 900 });
  await page.goto(`${page.url()}&measure`);
  await matched(page);
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 3);
  const audition = (call: string) => page.evaluate(`window.__sync.audition.${call}`);
  const told: string[] = [];
  const judge = async (what: string, for_s = 1.5) => {
    const { within_ms, frames } = await within(page, for_s);
    told.push(`${what} ${within_ms?.toFixed(1)}`);
    expect(frames, `frames were measured: ${what}`).toBeGreaterThan(10);
    expect(within_ms, what).toBeLessThanOrEqual(20);
  };
  await audition('play()');
  // The player's lag is learned from the first two seeks.
  await audition('seek(50)');
  await within(page, 0.5);
  await audition('seek(20)');
  await judge('playing', 3);
  for (const to_s of [55, 31.3, 18]) {
    await audition(`seek(${to_s})`);
    await judge(`seek to ${to_s} s`);
  }
  await audition('seek(71.2)');
  await within(page, 0.5);
  await judge('after the seam');
  await page.keyboard.press('ArrowDown');
  await judge('hop');
  console.info(`p95 in ms: ${told.join(', ')}`);
});
