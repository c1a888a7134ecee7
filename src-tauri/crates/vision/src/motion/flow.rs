//! Motion of each block between two pictures.
//!
//! Lucas & Kanade (*An iterative image registration technique*, IJCAI 1981) on blocks, from coarse
//! to fine (Bouguet, *Pyramidal implementation of the Lucas Kanade feature tracker*, 2000): the
//! shift, to a fraction of a pixel, that changes the brightness of the block least. A block without
//! texture has no measurable shift.

use super::pyramid::{LEVELS, Plane};

/// Side of a block in pixels, at every level.
const BLOCK: usize = 8;
/// Distance of the block middles in pixels at full size.
const SPACING: usize = 10;
/// Corrections at each level.
const STEPS: usize = 2;
/// Least eigenvalue of a block's gradient matrix, brightness² per pixel, for its shift to count.
const TEXTURE: f32 = 6.0;
/// Larger shifts, as a share of the picture's width, are errors.
const FURTHEST: f32 = 0.25;
/// If the mean brightness difference after the shift exceeds this, the shift does not count.
const UNEXPLAINED: f32 = 28.0;

/// The shift of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Shift {
    /// Middle of the block, in pixels from the middle of the picture.
    pub(super) from: [f32; 2],
    /// Shift in pixels, right and down.
    pub(super) by: [f32; 2],
}

/// Shifts of the blocks that have texture, and the number of all blocks.
pub(super) fn flow(before: &[Plane; LEVELS], after: &[Plane; LEVELS]) -> (Vec<Shift>, usize) {
    let (width, height) = (before[0].width, before[0].height);
    if width < 2 * BLOCK || height < 2 * BLOCK {
        return (Vec::new(), 0);
    }
    let middles = |length: usize| {
        let count = ((length - BLOCK) / SPACING).max(1);
        let first = (length - 1 - (count - 1) * SPACING) as f32 / 2.0;
        (0..count).map(move |i| first + (i * SPACING) as f32)
    };
    let mut shifts = Vec::new();
    let mut blocks = 0;
    let centre = [(width - 1) as f32 / 2.0, (height - 1) as f32 / 2.0];
    for y in middles(height) {
        for x in middles(width) {
            blocks += 1;
            if let Some(by) = follow(before, after, [x, y]) {
                shifts.push(Shift {
                    from: [x - centre[0], y - centre[1]],
                    by,
                });
            }
        }
    }
    (shifts, blocks)
}

fn follow(before: &[Plane; LEVELS], after: &[Plane; LEVELS], middle: [f32; 2]) -> Option<[f32; 2]> {
    let mut by = [0.0_f32; 2];
    let mut left = 0.0;
    let mut textured = false;
    for level in (0..LEVELS).rev() {
        let scale = 1.0 / (1 << level) as f32;
        let corner = middle.map(|m| ((m + 0.5) * scale - BLOCK as f32 / 2.0).round());
        if level + 1 < LEVELS {
            by = by.map(|b| b * 2.0);
        }
        let patch = Patch::of(&before[level], corner);
        textured = patch.least > TEXTURE;
        if !textured {
            continue;
        }
        for _ in 0..STEPS {
            let (step, error) = patch.step(&after[level], corner, by);
            by = [by[0] + step[0], by[1] + step[1]];
            left = error;
        }
    }
    let far = FURTHEST * before[0].width as f32;
    let sound = by.iter().all(|b| b.is_finite() && b.abs() < far);
    (textured && sound && left < UNEXPLAINED).then_some(by)
}

/// A block of the first picture with its gradients.
struct Patch {
    light: [f32; BLOCK * BLOCK],
    dx: [f32; BLOCK * BLOCK],
    dy: [f32; BLOCK * BLOCK],
    xx: f32,
    xy: f32,
    yy: f32,
    /// Smaller eigenvalue of the gradient matrix, per pixel.
    least: f32,
}

impl Patch {
    fn of(plane: &Plane, corner: [f32; 2]) -> Patch {
        // The block with a margin of one pixel, read once.
        const WIDE: usize = BLOCK + 2;
        let mut wide = [0.0; WIDE * WIDE];
        plane.read(corner.map(|c| c - 1.0), WIDE, &mut wide);
        let mut patch = Patch {
            light: [0.0; BLOCK * BLOCK],
            dx: [0.0; BLOCK * BLOCK],
            dy: [0.0; BLOCK * BLOCK],
            xx: 0.0,
            xy: 0.0,
            yy: 0.0,
            least: 0.0,
        };
        for y in 0..BLOCK {
            for x in 0..BLOCK {
                let (at, w) = (y * BLOCK + x, (y + 1) * WIDE + x + 1);
                let (dx, dy) = (
                    (wide[w + 1] - wide[w - 1]) / 2.0,
                    (wide[w + WIDE] - wide[w - WIDE]) / 2.0,
                );
                patch.light[at] = wide[w];
                patch.dx[at] = dx;
                patch.dy[at] = dy;
                patch.xx += dx * dx;
                patch.xy += dx * dy;
                patch.yy += dy * dy;
            }
        }
        let (sum, difference) = (patch.xx + patch.yy, patch.xx - patch.yy);
        let root = (difference * difference + 4.0 * patch.xy * patch.xy).sqrt();
        patch.least = (sum - root) / 2.0 / (BLOCK * BLOCK) as f32;
        patch
    }

    /// Correction of the shift, and the mean difference before it.
    fn step(&self, after: &Plane, corner: [f32; 2], by: [f32; 2]) -> ([f32; 2], f32) {
        let mut there = [0.0; BLOCK * BLOCK];
        after.read([corner[0] + by[0], corner[1] + by[1]], BLOCK, &mut there);
        let (mut ex, mut ey, mut error) = (0.0, 0.0, 0.0);
        for (at, there) in there.iter().enumerate() {
            let difference = self.light[at] - there;
            ex += difference * self.dx[at];
            ey += difference * self.dy[at];
            error += difference.abs();
        }
        let determinant = self.xx * self.yy - self.xy * self.xy;
        let step = [
            (self.yy * ex - self.xy * ey) / determinant,
            (self.xx * ey - self.xy * ex) / determinant,
        ];
        // The gradient is not valid over longer steps.
        let longest = (BLOCK / 2) as f32;
        (
            step.map(|s| s.clamp(-longest, longest)),
            error / (BLOCK * BLOCK) as f32,
        )
    }
}
