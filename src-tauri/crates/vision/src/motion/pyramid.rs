//! Brightness of a picture at full, half and quarter size.

use crate::Picture;

/// One plane of brightness, 0 to 255.
#[derive(Clone, Debug, Default)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Plane {
    /// A square of `side` values from a position between pixels; outside the plane the nearest edge
    /// repeats.
    pub(super) fn read(&self, corner: [f32; 2], side: usize, out: &mut [f32]) {
        let floor = corner.map(f32::floor);
        let (fx, fy) = (corner[0] - floor[0], corner[1] - floor[1]);
        let (left, top) = (floor[0] as i32, floor[1] as i32);
        let inside = left >= 0
            && top >= 0
            && left as usize + side < self.width
            && top as usize + side < self.height;
        if !inside {
            self.read_edge((left, top), (fx, fy), side, out);
            return;
        }
        let (left, top) = (left as usize, top as usize);
        for (y, out) in out.chunks_exact_mut(side).take(side).enumerate() {
            let upper = &self.values[(top + y) * self.width + left..][..=side];
            let lower = &self.values[(top + y + 1) * self.width + left..][..=side];
            for (x, out) in out.iter_mut().enumerate() {
                let above = upper[x] + fx * (upper[x + 1] - upper[x]);
                let below = lower[x] + fx * (lower[x + 1] - lower[x]);
                *out = above + fy * (below - above);
            }
        }
    }

    fn read_edge(
        &self,
        (left, top): (i32, i32),
        (fx, fy): (f32, f32),
        side: usize,
        out: &mut [f32],
    ) {
        let pixel = |x: i32, y: i32| {
            let x = x.clamp(0, self.width as i32 - 1) as usize;
            let y = y.clamp(0, self.height as i32 - 1) as usize;
            self.values[y * self.width + x]
        };
        for (at, out) in out.iter_mut().enumerate().take(side * side) {
            let (x, y) = (
                left.saturating_add((at % side) as i32),
                top.saturating_add((at / side) as i32),
            );
            let (right, under) = (x.saturating_add(1), y.saturating_add(1));
            let above = pixel(x, y) + fx * (pixel(right, y) - pixel(x, y));
            let below = pixel(x, under) + fx * (pixel(right, under) - pixel(x, under));
            *out = above + fy * (below - above);
        }
    }

    fn halved(&self) -> Plane {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (x2, y2) = (
                    (x * 2 + 1).min(self.width - 1),
                    (y * 2 + 1).min(self.height - 1),
                );
                let pixel = |x: usize, y: usize| self.values[y * self.width + x];
                let sum = pixel(x * 2, y * 2) + pixel(x2, y * 2) + pixel(x * 2, y2) + pixel(x2, y2);
                values.push(sum / 4.0);
            }
        }
        Plane {
            width,
            height,
            values,
        }
    }
}

/// Number of levels, full size included.
pub(super) const LEVELS: usize = 3;

/// The planes of a picture, full size first.
pub(super) fn pyramid(picture: &Picture<'_>) -> [Plane; LEVELS] {
    // Luma of ITU-R BT.601.
    let luma =
        |p: &[u8; 3]| 0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2]);
    let full = Plane {
        width: picture.width as usize,
        height: picture.height as usize,
        values: picture.rgb.as_chunks::<3>().0.iter().map(luma).collect(),
    };
    let half = full.halved();
    let quarter = half.halved();
    [full, half, quarter]
}
