import { expect, it } from 'vitest';
import { x_px, type Axis } from './axis';
import { ticks } from './ticks';

const axis = (from_s: number, to_s: number): Axis => ({ from_s, to_s, left_px: 12, width_px: 840 });

it('names every five seconds of a minute', () => {
  const named = ticks(axis(0, 60), { fps_num: 24, fps_den: 1 }).filter(({ label }) => label !== null);
  expect(named.map(({ label }) => label)).toEqual(['0:00', '0:05', '0:10', '0:15', '0:20', '0:25', '0:30', '0:35', '0:40', '0:45', '0:50', '0:55', '1:00']);
});

it('names frames when close', () => {
  const named = ticks(axis(10, 11), { fps_num: 24, fps_den: 1 }).filter(({ label }) => label !== null);
  expect(named.map(({ label }) => label)).toEqual(['0:10', '0:10:02', '0:10:04', '0:10:06', '0:10:08', '0:10:10', '0:10:12', '0:10:14', '0:10:16', '0:10:18', '0:10:20', '0:10:22', '0:11']);
});

it('never lets two labels touch, nor crowds the marks, at any zoom', () => {
  for (const fps of [{ fps_num: 24_000, fps_den: 1_001 }, { fps_num: 30_000, fps_den: 1_001 }, { fps_num: 60, fps_den: 1 }]) {
    for (let span_s = 0.5; span_s < 40_000; span_s *= 1.19) {
      const shown = axis(3.3, 3.3 + span_s);
      const marks = ticks(shown, fps);
      const named = marks.filter(({ label }) => label !== null).map(({ at_s }) => x_px(shown, at_s));
      for (let i = 1; i < named.length; i++) expect(named[i]! - named[i - 1]!).toBeGreaterThan(40);
      expect(marks.length).toBeLessThan(260);
      expect(marks.length).toBeGreaterThan(0);
    }
  }
});
