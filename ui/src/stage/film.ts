// Places of the pictures in the filmstrip. Cells are fixed to the clip's time, not to the screen, so that panning
// moves pictures and does not exchange them.
import type { FilmPicture } from '../session/clip.svelte';
import { px_per_s, x_px, type Axis } from './axis';

export type Cell = { from_s: number; to_s: number; x_px: number; width_px: number; url: string | null };

/** Cells of about `natural_px`: 0.75 to 1.5 times that width. */
export function cells(axis: Axis, film: readonly FilmPicture[], natural_px: number): Cell[] {
  const length_s = cellLength_s(axis, natural_px);
  const reach_s = Math.max(length_s, 1.5 * spacing_s(film));
  const found: Cell[] = [];
  for (let k = Math.floor(axis.from_s / length_s); k * length_s < axis.to_s; k++) {
    const from_s = k * length_s;
    const middle_s = from_s + length_s / 2;
    const picture = nearest(film, middle_s);
    const url = picture !== null && Math.abs(picture.time_s - middle_s) <= reach_s ? picture.url : null;
    found.push({ from_s, to_s: from_s + length_s, x_px: x_px(axis, from_s), width_px: length_s * px_per_s(axis), url });
  }
  return found;
}

/** Seconds of the clip per cell: a power of two, so that zooming keeps most cells. */
export function cellLength_s(axis: Axis, natural_px: number): number {
  return 2 ** Math.ceil(Math.log2((0.75 * natural_px) / px_per_s(axis)));
}

export function nearest(film: readonly FilmPicture[], at_s: number): FilmPicture | null {
  let best: FilmPicture | null = null;
  for (const picture of film) {
    if (best === null || Math.abs(picture.time_s - at_s) < Math.abs(best.time_s - at_s)) best = picture;
  }
  return best;
}

/** The pictures to request so that each cell has its own; null if none is missing. */
export function wanting(axis: Axis, film: readonly FilmPicture[], natural_px: number, duration_s: number): { range_s: [number, number]; count: number } | null {
  const length_s = cellLength_s(axis, natural_px);
  const bare = cells(axis, film, natural_px).filter(({ from_s, to_s }) => !film.some(({ time_s }) => time_s >= from_s && time_s < to_s));
  const first = bare[0];
  const last = bare.at(-1);
  if (first === undefined || last === undefined) return null;
  // One picture in the middle of each cell.
  const from_s = Math.max(0, first.from_s);
  const to_s = Math.min(duration_s, last.to_s);
  const count = Math.round((to_s - from_s) / length_s);
  return count < 1 || to_s <= from_s ? null : { range_s: [from_s, to_s], count };
}

function spacing_s(film: readonly FilmPicture[]): number {
  const first = film[0];
  const last = film[film.length - 1];
  return first === undefined || last === undefined || film.length < 2 ? 0 : (last.time_s - first.time_s) / (film.length - 1);
}
