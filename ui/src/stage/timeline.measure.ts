// Measures the timeline's frames per second.
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { closeWindow, matched, openWindow } from '../../tests/window';

let page: Page;

afterEach(() => closeWindow(page));

test('keeps up with the screen while scrubbing and zooming', async () => {
  page = await openWindow({ state: 'open', width: 1440, height: 900 });
  await matched(page);
  const box = (await page.getByRole('slider', { name: 'Timeline: playhead' }).boundingBox())!;
  const frames = (act: () => Promise<void>) =>
    page
      .evaluate(() => {
        const kept: number[] = [];
        let last = performance.now();
        const look = (now: number) => {
          kept.push(now - last);
          last = now;
          if (!Object.hasOwn(window, '__stop')) requestAnimationFrame(look);
        };
        Object.assign(window, { __kept: kept });
        delete (window as { __stop?: true }).__stop;
        requestAnimationFrame(look);
      })
      .then(act)
      .then(() =>
        page.evaluate(() => {
          Object.assign(window, { __stop: true });
          const kept = (window as unknown as { __kept: number[] }).__kept.sort((a, b) => a - b);
          return kept[kept.length >> 1] ?? Infinity;
        }),
      );
  const scrub_ms = await frames(async () => {
    await page.mouse.move(box.x + 200, box.y + 130);
    await page.mouse.down();
    for (let i = 0; i < 60; i++) await page.mouse.move(box.x + 200 + 150 * (1 + Math.sin(i / 9)), box.y + 130);
    await page.mouse.up();
  });
  const zoom_ms = await frames(async () => {
    for (let i = 0; i < 60; i++) await page.mouse.wheel(0, i % 40 < 20 ? -40 : 40);
  });
  console.info(`frames: ${scrub_ms.toFixed(1)} ms scrubbing, ${zoom_ms.toFixed(1)} ms zooming (median)`);
  expect(scrub_ms, 'fifty a second').toBeLessThanOrEqual(20);
  expect(zoom_ms, 'fifty a second').toBeLessThanOrEqual(20);
});
