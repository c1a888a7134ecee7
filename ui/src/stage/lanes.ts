// Heights of the timeline's lanes. Ruler and cuts have a fixed height; picture, motion and sounds share
// the rest.

export type LaneName = 'ruler' | 'film' | 'cuts' | 'motion' | 'music' | 'sound';
export type Lane = { name: LaneName; top_px: number; height_px: number };

const GAP_PX = 4;
/** Minimum height in px, and share of the height that remains above all minimums. */
const HEIGHTS: Record<LaneName, { least_px: number; share: number }> = {
  ruler: { least_px: 24, share: 0 },
  film: { least_px: 36, share: 0.24 },
  cuts: { least_px: 16, share: 0 },
  motion: { least_px: 30, share: 0.22 },
  music: { least_px: 48, share: 0.34 },
  sound: { least_px: 28, share: 0.2 },
};

export function lanes(height_px: number, has_sound: boolean): Lane[] {
  const names = (Object.keys(HEIGHTS) as LaneName[]).filter((name) => has_sound || name !== 'sound');
  const least = names.reduce((sum, name) => sum + HEIGHTS[name].least_px, 0) + GAP_PX * (names.length - 1);
  const shares = names.reduce((sum, name) => sum + HEIGHTS[name].share, 0);
  const left = Math.max(0, height_px - least);
  let top_px = 0;
  return names.map((name) => {
    const lane = { name, top_px, height_px: Math.floor(HEIGHTS[name].least_px + (left * HEIGHTS[name].share) / shares) };
    top_px += lane.height_px + GAP_PX;
    return lane;
  });
}

/** The lane at `y`. The gap below a lane belongs to it. */
export function laneAt(all: readonly Lane[], y: number): LaneName | null {
  return all.findLast((lane) => y >= lane.top_px)?.name ?? null;
}
