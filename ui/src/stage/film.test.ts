import { expect, it } from 'vitest';
import { panned, zoomed, type Axis } from './axis';
import { cells, nearest, wanting } from './film';

const bounds = { from_s: 0, to_s: 96 };
const axis: Axis = { from_s: 12, to_s: 72, left_px: 12, width_px: 840 };
const film = Array.from({ length: 24 }, (_, i) => ({ time_s: 12 + (i + 0.5) * 2.5, url: `p${i}` }));

it('cells keep near their natural width at every zoom and cover what is seen', () => {
  for (let factor = 0.01; factor < 1.5; factor *= 1.13) {
    const seen = zoomed(axis, 400, factor, bounds);
    const all = cells(seen, film, 92);
    for (const { width_px } of all) {
      expect(width_px).toBeGreaterThanOrEqual(0.75 * 92 - 1e-6);
      expect(width_px).toBeLessThan(1.5 * 92 + 1e-6);
    }
    expect(all[0]!.x_px).toBeLessThanOrEqual(12 + 1e-6);
    expect(all.at(-1)!.x_px + all.at(-1)!.width_px).toBeGreaterThanOrEqual(852 - 1e-6);
  }
});

it('panning moves pictures and does not swap them', () => {
  const before = new Map(cells(axis, film, 92).map(({ from_s, url }) => [from_s, url]));
  for (const { from_s, url } of cells(panned(axis, 3.21, bounds), film, 92)) {
    if (before.has(from_s)) expect(url).toBe(before.get(from_s));
  }
});

it('shows no picture far from where it was taken', () => {
  const whole = cells({ ...axis, from_s: 0, to_s: 96 }, film, 92);
  expect(whole[0]?.url).toBeNull();
  expect(whole.find(({ from_s }) => from_s > 30)?.url).not.toBeNull();
});

it('asks for what is missing and then for nothing', () => {
  const whole = { ...axis, from_s: 0, to_s: 96 };
  const ask = wanting(whole, film, 92, 96)!;
  expect(ask.range_s[0]).toBe(0);
  expect(ask.range_s[1]).toBe(96);
  const length_s = ask.range_s[1] - ask.range_s[0];
  const more = Array.from({ length: ask.count }, (_, i) => ({ time_s: ask.range_s[0] + ((i + 0.5) / ask.count) * length_s, url: `q${i}` }));
  expect(wanting(whole, [...film, ...more], 92, 96)).toBeNull();
});

it('finds the nearest', () => {
  expect(nearest(film, 14.4)?.url).toBe('p0');
  expect(nearest(film, 14.6)?.url).toBe('p1');
  expect(nearest([], 14)).toBeNull();
});
