// The window answers at once. Figures are printed; the limits are wide enough for a busy machine.
import { expect, test } from 'vitest';
import { closeWindow, matched, openWindow } from './window';

test('hopping and saving are on the screen within 50 ms', async () => {
  const page = await openWindow({ state: 'open' });
  await matched(page);
  const took = await page.evaluate(async () => {
    const frame = () => new Promise<number>((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
    const times: number[] = [];
    for (let hops = 0; hops < 20; hops += 1) {
      await frame();
      const from = performance.now();
      dispatchEvent(new KeyboardEvent('keydown', { key: hops % 3 === 2 ? 's' : 'ArrowDown', bubbles: true }));
      await Promise.resolve();
      times.push((await frame()) - from);
    }
    return times.sort((a, b) => a - b);
  });
  const [middle, worst] = [took[10]!, took[19]!];
  console.log(`key to frame: median ${middle.toFixed(1)} ms, worst ${worst.toFixed(1)} ms of 20`);
  expect(middle).toBeLessThan(50);
  await closeWindow(page);
});
