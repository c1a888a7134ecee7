//! Light of a picture at full, half and quarter size.

use crate::Picture;

/// One plane of light, 0 to 255.
#[derive(Clone, Debug, Default)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Plane {
    /// The value between four pixels; what lies outside is the nearest edge.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = (
            (left + 1).min(self.width - 1),
            (top + 1).min(self.height - 1),
        );
        let (fx, fy) = (x - left as f32, y - top as f32);
        let pixel = |x: usize, y: usize| self.values[y * self.width + x];
        let upper = pixel(left, top) + fx * (pixel(right, top) - pixel(left, top));
        let lower = pixel(left, bottom) + fx * (pixel(right, bottom) - pixel(left, bottom));
        upper + fy * (lower - upper)
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

/// Levels, the full size first.
pub(super) const LEVELS: usize = 3;

/// The planes of a picture.
pub(super) fn pyramid(picture: &Picture<'_>) -> [Plane; LEVELS] {
    // ITU-R BT.601 luma.
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
