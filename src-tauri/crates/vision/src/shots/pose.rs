//! The zoom and shift that turn one picture into another: a search over both, then Gauss-Newton steps
//! (Lucas & Kanade, *An iterative image registration technique*, IJCAI 1981) with the weights of the
//! Cauchy distribution, so that what moves by itself counts little.

use super::digest::{FrameDigest, HIGH, WIDE};

/// Cells across and down of the pictures that are searched.
const HALF_WIDE: usize = WIDE / 2;
const HALF_HIGH: usize = HIGH / 2;
/// Zooms that are searched: 0.7 to 1.43 in steps of 4.6 %.
const ZOOMS: i32 = 8;
const ZOOM_STEP: f32 = 0.045;
/// Shifts that are searched, cells of the halved picture.
const REACH_X: i32 = 7;
const REACH_Y: i32 = 4;
/// Least share of the picture that both must show.
const SHARED: f32 = 0.45;
/// Corrections after the search.
const STEPS: usize = 6;
/// Difference whose weight is a half, levels.
const USUAL: f32 = 10.0;

/// Where the later picture `b` lies in the earlier one `a`, and how well that explains it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Pose {
    /// ln of the size of things in `b` relative to `a`: positive for a closer view.
    pub zoom: f32,
    /// Middle of `b` in `a`, cells from the middle of `a`, right and down.
    pub shift: [f32; 2],
    /// Mean absolute difference after zoom and shift, levels.
    pub rest: f32,
    /// The same without zoom and shift, but after a change of brightness and contrast.
    pub in_place: f32,
    /// Share of `b` that `a` shows.
    pub shared: f32,
}

impl Pose {
    /// Mean distance that things move, cells.
    pub fn distance(&self) -> f32 {
        // Mean distance of a cell from the middle of 80 x 45 cells: 23.
        self.shift[0]
            .hypot(self.shift[1])
            .max(23.0 * self.zoom.abs())
    }
}

/// The best pose of `b` in `a` at any zoom and shift within reach.
pub(super) fn search(a: &FrameDigest, b: &FrameDigest) -> Pose {
    let (half_a, half_b) = (halved(&a.luma), halved(&b.luma));
    let mut best = (f32::INFINITY, Pose::default());
    for step in -ZOOMS..=ZOOMS {
        let zoom = ZOOM_STEP * step as f32;
        let scaled = Scaled::of(&half_a, (-zoom).exp());
        for y in -REACH_Y..=REACH_Y {
            for x in -REACH_X..=REACH_X {
                let loss = scaled.difference(&half_b, x, y);
                if loss < best.0 {
                    let shift = [x, y].map(|s| 2.0 * s as f32 * (-zoom).exp());
                    best = (
                        loss,
                        Pose {
                            zoom,
                            shift,
                            ..Pose::default()
                        },
                    );
                }
            }
        }
    }
    refine(a, b, best.1)
}

/// Corrects a pose that is nearly right.
pub(super) fn refine(a: &FrameDigest, b: &FrameDigest, from: Pose) -> Pose {
    let mut pose = from;
    let mut brighter = 0.0;
    for _ in 0..STEPS {
        let Some(step) = correction(a, b, &pose, brighter) else {
            break;
        };
        // The gradient is not valid over longer steps.
        let limit = |v: f32, most: f32| v.clamp(-most, most);
        let scale = (-pose.zoom).exp() + limit(step[0], 0.06);
        pose.zoom = -scale.clamp(0.5, 2.0).ln();
        for (shift, step) in pose.shift.iter_mut().zip([step[1], step[2]]) {
            *shift = limit(*shift + limit(step, 2.0), WIDE as f32 / 3.0);
        }
        brighter += limit(step[3], 10.0);
    }
    measure(a, b, pose, brighter)
}

/// Changes of scale, shift and brightness that lessen the difference.
fn correction(a: &FrameDigest, b: &FrameDigest, pose: &Pose, brighter: f32) -> Option<[f32; 4]> {
    let scale = (-pose.zoom).exp();
    let mut normal = [[0.0f32; 5]; 4];
    for y in 1..HIGH - 1 {
        for x in (1 + y % 2..WIDE - 1).step_by(2) {
            let (u, v) = place(x, y, scale, pose.shift);
            let Some(there) = sample(&a.luma, u, v) else {
                continue;
            };
            let at = y * WIDE + x;
            let light = |at: usize| f32::from(b.luma[at]);
            let rest = light(at) - there - brighter;
            let weight = 1.0 / (1.0 + (rest / USUAL) * (rest / USUAL));
            let dx = (light(at + 1) - light(at - 1)) / (2.0 * scale);
            let dy = (light(at + WIDE) - light(at - WIDE)) / (2.0 * scale);
            let (from_x, from_y) = from_middle(x, y);
            let row = [dx * from_x + dy * from_y, dx, dy, 1.0];
            for (i, line) in normal.iter_mut().enumerate() {
                for (j, sum) in line[..4].iter_mut().enumerate() {
                    *sum += weight * row[i] * row[j];
                }
                line[4] += weight * row[i] * rest;
            }
        }
    }
    solve(normal)
}

fn measure(a: &FrameDigest, b: &FrameDigest, pose: Pose, brighter: f32) -> Pose {
    let scale = (-pose.zoom).exp();
    let mut pairs = Vec::with_capacity(WIDE * HIGH / 2);
    let (mut rest, mut all) = (0.0, 0.0f32);
    for y in 0..HIGH {
        for x in (y % 2..WIDE).step_by(2) {
            all += 1.0;
            let (u, v) = place(x, y, scale, pose.shift);
            if let Some(there) = sample(&a.luma, u, v) {
                let here = f32::from(b.luma[y * WIDE + x]);
                rest += (here - there - brighter).abs();
                pairs.push((f32::from(a.luma[y * WIDE + x]), here));
            }
        }
    }
    Pose {
        rest: rest / f32::max(pairs.len() as f32, 1.0),
        in_place: relit(&pairs),
        shared: pairs.len() as f32 / all,
        ..pose
    }
}

/// Mean absolute difference of pairs after the change of brightness and contrast that explains most.
fn relit(pairs: &[(f32, f32)]) -> f32 {
    let each = 1.0 / f32::max(pairs.len() as f32, 1.0);
    let mean = |value: &dyn Fn(&(f32, f32)) -> f32| pairs.iter().map(value).sum::<f32>() * each;
    let (before, after) = (mean(&|p| p.0), mean(&|p| p.1));
    let spread = mean(&|p| (p.0 - before) * (p.0 - before));
    let joint = mean(&|p| (p.0 - before) * (p.1 - after));
    // One level of grain avoids 0 / 0 for flat pictures.
    let gain = (joint / (spread + 1.0)).clamp(0.3, 3.0);
    mean(&|p| (p.1 - after - gain * (p.0 - before)).abs())
}

fn from_middle(x: usize, y: usize) -> (f32, f32) {
    let middle = |cells: usize| (cells - 1) as f32 / 2.0;
    (x as f32 - middle(WIDE), y as f32 - middle(HIGH))
}

/// Where the cell `x`, `y` lies in the other picture.
fn place(x: usize, y: usize, scale: f32, shift: [f32; 2]) -> (f32, f32) {
    let (from_x, from_y) = from_middle(x, y);
    let middle = from_middle(0, 0);
    (
        scale * from_x + shift[0] - middle.0,
        scale * from_y + shift[1] - middle.1,
    )
}

/// The light between cells; `None` outside.
fn sample(luma: &[u8; WIDE * HIGH], u: f32, v: f32) -> Option<f32> {
    if !(u >= 0.0 && v >= 0.0 && u < (WIDE - 1) as f32 && v < (HIGH - 1) as f32) {
        return None;
    }
    let at = v as usize * WIDE + u as usize;
    let (fx, fy) = (u.fract(), v.fract());
    let light = |at: usize| f32::from(luma[at]);
    let above = light(at) + fx * (light(at + 1) - light(at));
    let below = light(at + WIDE) + fx * (light(at + WIDE + 1) - light(at + WIDE));
    Some(above + fy * (below - above))
}

/// Solves four linear equations (Gauss with pivots); `None` for a picture without texture.
fn solve(mut rows: [[f32; 5]; 4]) -> Option<[f32; 4]> {
    for at in 0..4 {
        let pivot = (at..4).max_by(|i, j| rows[*i][at].abs().total_cmp(&rows[*j][at].abs()))?;
        rows.swap(at, pivot);
        if rows[at][at].abs() <= 1e-3 {
            return None;
        }
        let top = rows[at];
        for row in rows.iter_mut().skip(at + 1) {
            let part = row[at] / top[at];
            row.iter_mut().zip(top).for_each(|(r, t)| *r -= part * t);
        }
    }
    let mut found = [0.0; 4];
    for at in (0..4).rev() {
        let known: f32 = (at + 1..4).map(|i| rows[at][i] * found[i]).sum();
        found[at] = (rows[at][4] - known) / rows[at][at];
    }
    found.iter().all(|f| f.is_finite()).then_some(found)
}

type Half = [u8; HALF_WIDE * HALF_HIGH];

fn halved(luma: &[u8; WIDE * HIGH]) -> Half {
    let mut half = [0; HALF_WIDE * HALF_HIGH];
    for y in 0..HALF_HIGH {
        for x in 0..HALF_WIDE {
            let at = 2 * y * WIDE + 2 * x;
            let four = [at, at + 1, at + WIDE, at + WIDE + 1];
            let sum: u32 = four.iter().map(|at| u32::from(luma[*at])).sum();
            half[y * HALF_WIDE + x] = (sum / 4) as u8;
        }
    }
    half
}

/// A halved picture at another scale, with the cells that it has.
struct Scaled {
    rows: Vec<Vec<u8>>,
    /// First cell and one past the last, right and down; they may lie outside of the picture.
    left: i32,
    top: i32,
}

impl Scaled {
    fn of(half: &Half, scale: f32) -> Scaled {
        let line = |cells: usize, reach: i32| -> (i32, Vec<f32>) {
            let middle = (cells - 1) as f32 / 2.0;
            let places = (-reach..cells as i32 + reach)
                .map(|x| (x, middle + scale * (x as f32 - middle)))
                .filter(|(_, u)| (0.0..=(cells - 1) as f32).contains(u));
            let (at, places): (Vec<i32>, Vec<f32>) = places.unzip();
            (at.first().copied().unwrap_or(0), places)
        };
        let (left, across) = line(HALF_WIDE, REACH_X);
        let (top, down) = line(HALF_HIGH, REACH_Y);
        let nearest = |v: f32| v.round() as usize;
        let rows = down.iter().map(|v| {
            let row = &half[nearest(*v) * HALF_WIDE..][..HALF_WIDE];
            across.iter().map(|u| row[nearest(*u)]).collect()
        });
        Scaled {
            rows: rows.collect(),
            left,
            top,
        }
    }

    /// Mean absolute difference to `b`, whose cell 0, 0 lies at `x`, `y`; infinite if too little is
    /// shared.
    fn difference(&self, b: &Half, x: i32, y: i32) -> f32 {
        let wide = self.rows.first().map_or(0, Vec::len) as i32;
        let from_x = (self.left - x).max(0);
        let to_x = (self.left + wide - x).min(HALF_WIDE as i32);
        let from_y = (self.top - y).max(0);
        let to_y = (self.top + self.rows.len() as i32 - y).min(HALF_HIGH as i32);
        let cells = (to_x - from_x).max(0) * (to_y - from_y).max(0);
        if (cells as f32) < SHARED * (HALF_WIDE * HALF_HIGH) as f32 {
            return f32::INFINITY;
        }
        let length = (to_x - from_x) as usize;
        let mut sum = 0;
        for row in from_y..to_y {
            let other = &self.rows[(row + y - self.top) as usize];
            let other = &other[(from_x + x - self.left) as usize..][..length];
            let own = &b[row as usize * HALF_WIDE + from_x as usize..][..length];
            let line: u16 = (own.iter().zip(other))
                .map(|(a, b)| u16::from(a.abs_diff(*b)))
                .sum();
            sum += u32::from(line);
        }
        sum as f32 / cells as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Picture;

    /// A cloudy scene seen through a window: zoomed by `zoom`, its middle at `x`, `y` pixels.
    fn view(zoom: f32, x: f32, y: f32) -> Box<FrameDigest> {
        let mut rgb = Vec::new();
        for row in 0..90 {
            for column in 0..160 {
                let u = (column as f32 - 79.5) / zoom + x;
                let v = (row as f32 - 44.5) / zoom + y;
                let light = (u * 0.21).sin() * 35.0
                    + (v * 0.17 + u * 0.05).cos() * 35.0
                    + (u * 0.053 - v * 0.071).sin() * 40.0;
                rgb.extend([(light + 128.0) as u8; 3]);
            }
        }
        let (width, height) = (160, 90);
        FrameDigest::of(
            0.0,
            &Picture {
                width,
                height,
                rgb: &rgb,
            },
        )
    }

    #[test]
    fn zoom_and_shift_are_found_to_a_fraction_of_a_cell() {
        let plain = view(1.0, 0.0, 0.0);
        for (zoom, x, y) in [
            (1.1, 0.0, 0.0),
            (1.25, 6.0, -4.0),
            (0.82, -5.0, 3.0),
            (1.0, 9.0, 2.0),
        ] {
            let pose = search(&plain, &view(zoom, x, y));
            assert!((pose.zoom - f32::ln(zoom)).abs() < 0.01, "{zoom}: {pose:?}");
            let off = (pose.shift[0] - x / 2.0).hypot(pose.shift[1] - y / 2.0);
            assert!(off < 0.3, "{x} {y}: {pose:?}");
            assert!(pose.rest < 0.3 * pose.in_place, "{pose:?}");
        }
        let still = search(&plain, &plain);
        assert!(still.distance() < 0.05 && still.rest < 0.1, "{still:?}");
    }

    #[test]
    fn a_flat_picture_has_no_pose() {
        let rgb = vec![90; 160 * 90 * 3];
        let (width, height) = (160, 90);
        let flat = FrameDigest::of(
            0.0,
            &Picture {
                width,
                height,
                rgb: &rgb,
            },
        );
        let pose = search(&flat, &flat);
        assert!(pose.rest < 0.1 && pose.zoom.is_finite(), "{pose:?}");
        assert!(search(&flat, &view(1.0, 0.0, 0.0)).rest > 10.0);
    }
}
