//! Distances between two frames.
//!
//! Block matching is the sum of absolute differences over a search window, coarse first and then
//! fine (Jain & Jain 1981). A residual that motion cannot explain distinguishes cuts from pans
//! (Shahraray 1995). The colour histogram is Swain & Ballard's (1991).

use super::digest::{FrameDigest, HIGH, PLANE, THUMB, WIDE};

const BLOCK_WIDE: usize = 8;
const BLOCK_HIGH: usize = 9;
const PIXELS: f32 = (BLOCK_WIDE * BLOCK_HIGH) as f32;
/// A block with a difference below this is not searched for, levels per cell.
const STILL: u32 = 2;
/// Reach of the search, cells.
const REACH_X: i32 = 10;
const REACH_Y: i32 = 6;
/// If the means differ by more, the difference is removed before a second search, levels.
const BRIGHTER: f32 = 5.0;
/// Least texture assumed for a block, levels.
const GRAIN: f32 = 3.0;

/// Mean absolute difference of luma without motion, levels.
pub(super) fn in_place(a: &FrameDigest, b: &FrameDigest) -> f32 {
    let sum: u32 = (a.luma.iter().zip(&b.luma))
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    sum as f32 / a.luma.len() as f32
}

/// Half the L1 distance of the colour histograms, 0 to 1.
pub(super) fn colours(a: &FrameDigest, b: &FrameDigest) -> f32 {
    let sum: u32 = (a.colours.iter().zip(&b.colours))
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    sum as f32 / (2 * WIDE * HIGH) as f32
}

/// Dot product of two thumbnails.
pub(super) fn product(a: &[i16; THUMB], b: &[i16; THUMB]) -> i32 {
    a.iter()
        .zip(b)
        .map(|(a, b)| i32::from(*a) * i32::from(*b))
        .sum()
}

/// 1 less the correlation of the luma thumbnails, 0 to 2; independent of brightness and contrast.
pub(super) fn layout(a: &FrameDigest, b: &FrameDigest) -> f32 {
    let (a, b) = (&a.thumb[..PLANE], &b.thumb[..PLANE]);
    let n = PLANE as f32;
    let (mut sa, mut sb, mut saa, mut sbb, mut sab) = (0i32, 0i32, 0i32, 0i32, 0i32);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (i32::from(*a), i32::from(*b));
        sa += a;
        sb += b;
        saa += a * a;
        sbb += b * b;
        sab += a * b;
    }
    let (ma, mb) = (sa as f32 / n, sb as f32 / n);
    // One level of grain avoids 0 / 0 for flat pictures.
    let va = (saa as f32 / n - ma * ma).max(0.0) + 1.0;
    let vb = (sbb as f32 / n - mb * mb).max(0.0) + 1.0;
    let covariance = sab as f32 / n - ma * mb + va.min(vb).min(1.0);
    1.0 - covariance / (va * vb).sqrt()
}

/// Mean absolute difference of the chroma thumbnails, levels.
pub(super) fn chroma(a: &FrameDigest, b: &FrameDigest) -> f32 {
    let sum: u32 = (a.thumb[PLANE..].iter().zip(&b.thumb[PLANE..]))
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    sum as f32 / (2 * PLANE) as f32
}

/// Residual after each block of the later frame was searched for in the earlier one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Unmatched {
    /// Mean absolute difference, levels.
    pub rest: f32,
    /// The same relative to the texture of the blocks, 0 to about 2.
    pub relative: f32,
    /// Share of the blocks that were not found.
    pub lost: f32,
}

/// Searches the blocks of `b` in `a`.
pub(super) fn unmatched(a: &FrameDigest, b: &FrameDigest) -> Unmatched {
    let plain = search(&a.luma, b);
    let brighter = b.mean - a.mean;
    if brighter.abs() < BRIGHTER {
        return plain;
    }
    let shift = brighter.round() as i16;
    let shifted = a.luma.map(|l| (i16::from(l) + shift).clamp(0, 255) as u8);
    let other = search(&shifted, b);
    if other.rest < plain.rest {
        other
    } else {
        plain
    }
}

fn search(a: &[u8; WIDE * HIGH], b: &FrameDigest) -> Unmatched {
    let all = shift(a, &b.luma);
    let mut sum = Unmatched::default();
    let (mut texture, mut blocks) = (0.0, 0.0);
    for top in (0..HIGH).step_by(BLOCK_HIGH) {
        for left in (0..WIDE).step_by(BLOCK_WIDE) {
            let block = Block::of(&b.luma, left, top);
            let rest = block.best(a, all) as f32 / PIXELS;
            let grain = block.texture() + GRAIN;
            sum.rest += rest;
            texture += grain;
            sum.lost += f32::from(u8::from(rest > 0.6 * grain));
            blocks += 1.0;
        }
    }
    Unmatched {
        rest: sum.rest / blocks,
        relative: sum.rest / texture,
        lost: sum.lost / blocks,
    }
}

struct Block {
    left: i32,
    top: i32,
    rows: [[u8; BLOCK_WIDE]; BLOCK_HIGH],
}

impl Block {
    fn of(luma: &[u8; WIDE * HIGH], left: usize, top: usize) -> Block {
        let mut rows = [[0; BLOCK_WIDE]; BLOCK_HIGH];
        for (y, row) in rows.iter_mut().enumerate() {
            let at = (top + y) * WIDE + left;
            row.copy_from_slice(&luma[at..at + BLOCK_WIDE]);
        }
        Block {
            left: left as i32,
            top: top as i32,
            rows,
        }
    }

    /// Mean absolute distance from the mean of the block, levels.
    fn texture(&self) -> f32 {
        let all = self.rows.as_flattened();
        let mean = (all.iter().map(|v| u32::from(*v)).sum::<u32>() as f32 / PIXELS).round() as u8;
        all.iter().map(|v| u32::from(v.abs_diff(mean))).sum::<u32>() as f32 / PIXELS
    }

    /// Least sum of absolute differences near no motion and near the motion of the whole picture.
    fn best(&self, a: &[u8; WIDE * HIGH], all: (i32, i32)) -> u32 {
        let mut best = (self.difference(a, 0, 0), (0, 0));
        if best.0 <= STILL * PIXELS as u32 {
            return best.0;
        }
        self.around(a, (0, 0), (REACH_X, REACH_Y), 2, &mut best);
        if all.0.abs() > 2 || all.1.abs() > 2 {
            self.around(a, all, (4, 4), 2, &mut best);
        }
        let middle = best.1;
        self.around(a, middle, (1, 1), 1, &mut best);
        best.0
    }

    fn around(
        &self,
        a: &[u8; WIDE * HIGH],
        (x, y): (i32, i32),
        (reach_x, reach_y): (i32, i32),
        step: usize,
        best: &mut (u32, (i32, i32)),
    ) {
        for dy in (y - reach_y..=y + reach_y).step_by(step) {
            for dx in (x - reach_x..=x + reach_x).step_by(step) {
                let sum = self.difference(a, dx, dy);
                if sum < best.0 {
                    *best = (sum, (dx, dy));
                }
            }
        }
    }

    /// Sum of absolute differences to the block at the offset `dx`, `dy`; the largest value
    /// outside.
    fn difference(&self, a: &[u8; WIDE * HIGH], dx: i32, dy: i32) -> u32 {
        let (x, y) = (self.left + dx, self.top + dy);
        let fits = |at: i32, size: usize, all: usize| at >= 0 && at as usize + size <= all;
        if !fits(x, BLOCK_WIDE, WIDE) || !fits(y, BLOCK_HIGH, HIGH) {
            return u32::MAX;
        }
        let from = y as usize * WIDE + x as usize;
        let mut sum = 0;
        for (row, other) in self.rows.iter().zip(a[from..].chunks(WIDE)) {
            let mut line = 0u16;
            for (a, b) in row.iter().zip(&other[..BLOCK_WIDE]) {
                line += u16::from(a.abs_diff(*b));
            }
            sum += u32::from(line);
        }
        sum
    }
}

/// Motion of the whole picture from its column and row means: for fast pans beyond the reach of the
/// block search (Sauer & Schwartz 1996 match such projections).
fn shift(a: &[u8; WIDE * HIGH], b: &[u8; WIDE * HIGH]) -> (i32, i32) {
    let (across_a, down_a) = projections(a);
    let (across_b, down_b) = projections(b);
    (slide(&across_a, &across_b), slide(&down_a, &down_b))
}

fn projections(luma: &[u8; WIDE * HIGH]) -> ([i32; WIDE], [i32; HIGH]) {
    let (mut across, mut down) = ([0; WIDE], [0; HIGH]);
    for (row, down) in luma.chunks(WIDE).zip(&mut down) {
        let mut sum = 0;
        for (across, value) in across.iter_mut().zip(row) {
            *across += i32::from(*value);
            sum += i32::from(*value);
        }
        *down = sum / WIDE as i32;
    }
    (across.map(|s| s / HIGH as i32), down)
}

/// The offset at which `b` resembles `a` most, with at least half of it overlapping.
fn slide(a: &[i32], b: &[i32]) -> i32 {
    let n = a.len() as i32;
    let mut best = (f32::INFINITY, 0);
    for offset in (0..=n / 2).flat_map(|o| [o, -o]) {
        let from = offset.max(0) as usize;
        let to = (n + offset).min(n) as usize;
        let sum: i32 = (a[from..to].iter())
            .zip(&b[(from as i32 - offset) as usize..])
            .map(|(a, b)| (a - b).abs())
            .sum();
        let mean = sum as f32 / (to - from) as f32;
        if mean < best.0 {
            best = (mean, offset);
        }
    }
    best.1
}
