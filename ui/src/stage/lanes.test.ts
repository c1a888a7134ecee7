import { expect, it } from 'vitest';
import { laneAt, lanes } from './lanes';

it('fills the height without overlapping', () => {
  for (const height_px of [210, 260, 330, 420]) {
    for (const has_sound of [true, false]) {
      const all = lanes(height_px, has_sound);
      for (let i = 1; i < all.length; i++) expect(all[i]!.top_px).toBe(all[i - 1]!.top_px + all[i - 1]!.height_px + 4);
      const end_px = all.at(-1)!.top_px + all.at(-1)!.height_px;
      expect(end_px).toBeLessThanOrEqual(height_px);
      expect(end_px).toBeGreaterThan(height_px - 8);
    }
  }
});

it('has no lane for the sound of a silent clip', () => {
  expect(lanes(300, false).map(({ name }) => name)).not.toContain('sound');
});

it('finds the lane under the pointer', () => {
  const all = lanes(300, true);
  for (const lane of all) expect(laneAt(all, lane.top_px + lane.height_px / 2)).toBe(lane.name);
  expect(laneAt(all, -1)).toBeNull();
});
