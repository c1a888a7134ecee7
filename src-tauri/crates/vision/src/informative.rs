//! Weight of a frame in the clip vector: black, white and flat frames have none.

use crate::Picture;

/// Cells along each side of the frame.
const CELLS: usize = 16;
/// Pixels read along each side of a cell, at most.
const SAMPLES: usize = 8;
/// Spread of the cell colours, in 8-bit units, up to which the weight is 0.
const NOTHING: f32 = 2.0;
/// Spread from which the weight is 1.
const FULL: f32 = 6.0;

/// Weight of a frame in 0..=1 by the spread of the mean colours of its 16 × 16 cells: the root of
/// the summed variances of luma and the two colour differences (ITU-R BT.601). Below 2 of 255 the
/// weight is 0, above 6 it is 1, between them it rises smoothly. Means over cells suppress noise
/// and grain, so that a black frame with grain has weight 0. An unusable picture has weight 0.
pub fn informative(picture: &Picture<'_>) -> f32 {
    if picture.check().is_err() {
        return 0.0;
    }
    let spread = spread(picture);
    let x = ((spread - NOTHING) / (FULL - NOTHING)).clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

fn spread(picture: &Picture<'_>) -> f32 {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let (across, down) = (width.min(CELLS), height.min(CELLS));
    let (mut sum, mut squares) = ([0.0f64; 3], [0.0f64; 3]);
    for row in 0..down {
        let rows = span(row, down, height);
        for column in 0..across {
            let colour = mean(picture, span(column, across, width), rows.clone());
            for (i, value) in yuv(colour).into_iter().enumerate() {
                sum[i] += value;
                squares[i] += value * value;
            }
        }
    }
    let n = (across * down) as f64;
    let variance: f64 = (0..3)
        .map(|i| (squares[i] / n - (sum[i] / n).powi(2)).max(0.0))
        .sum();
    variance.sqrt() as f32
}

/// Pixels of cell `i` of `cells` along an axis.
fn span(i: usize, cells: usize, length: usize) -> std::ops::Range<usize> {
    i * length / cells..(i + 1) * length / cells
}

fn mean(
    picture: &Picture<'_>,
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
) -> [f64; 3] {
    let step = |n: usize| n.div_ceil(SAMPLES).max(1);
    let (mut sum, mut n) = ([0u32; 3], 0u32);
    for y in rows.clone().step_by(step(rows.len())) {
        for x in columns.clone().step_by(step(columns.len())) {
            let at = (y * picture.width as usize + x) * 3;
            for (s, byte) in sum.iter_mut().zip(&picture.rgb[at..at + 3]) {
                *s += u32::from(*byte);
            }
            n += 1;
        }
    }
    sum.map(|s| f64::from(s) / f64::from(n.max(1)))
}

fn yuv([r, g, b]: [f64; 3]) -> [f64; 3] {
    let y = 0.299 * r + 0.587 * g + 0.114 * b;
    [y, 0.564 * (b - y), 0.713 * (r - y)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: u32 = 160;
    const H: u32 = 90;

    fn of(pixel: impl Fn(u32, u32) -> [u8; 3]) -> f32 {
        let rgb: Vec<u8> = (0..H)
            .flat_map(|y| (0..W).map(move |x| (x, y)))
            .flat_map(|(x, y)| pixel(x, y))
            .collect();
        informative(&Picture {
            width: W,
            height: H,
            rgb: &rgb,
        })
    }

    /// A repeatable pseudo-random byte for a position.
    fn noise(x: u32, y: u32) -> u32 {
        let mut h = x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77);
        h ^= h >> 15;
        h = h.wrapping_mul(0x2C1B_3C6D);
        (h >> 13) & 0xff
    }

    #[test]
    fn flat_frames_have_no_weight() {
        for level in [0u8, 16, 128, 255] {
            assert_eq!(of(|_, _| [level; 3]), 0.0, "a frame of {level}");
        }
        assert_eq!(of(|_, _| [200, 30, 90]), 0.0, "a flat colour");
    }

    #[test]
    fn grain_on_black_has_no_weight() {
        let grain = |x, y| [(noise(x, y) % 12) as u8; 3];
        assert_eq!(of(grain), 0.0, "noise of 12 levels on black");
    }

    #[test]
    fn a_faint_vignette_has_no_weight() {
        let vignette = |x: u32, _| [16 + (x * 4 / W) as u8; 3];
        assert_eq!(of(vignette), 0.0, "four levels from side to side");
    }

    #[test]
    fn pictures_have_full_weight() {
        let split = |x, _| {
            if x < W / 2 {
                [20, 30, 60]
            } else {
                [180, 160, 120]
            }
        };
        assert_eq!(of(split), 1.0, "a dark half and a light half");
        let night = |x: u32, y: u32| {
            if x % 40 < 4 && y % 30 < 4 {
                [240; 3]
            } else {
                [5; 3]
            }
        };
        assert_eq!(of(night), 1.0, "few lights at night are a picture");
        let hue = |x, _| {
            if x < W / 2 {
                [130, 80, 90]
            } else {
                [60, 110, 100]
            }
        };
        assert_eq!(of(hue), 1.0, "colour alone is enough");
    }

    #[test]
    fn the_weight_grows_with_contrast() {
        let weights: Vec<f32> = (0..10)
            .map(|c| {
                of(|x, _| {
                    if x < W / 2 {
                        [100; 3]
                    } else {
                        [100 + 2 * c; 3]
                    }
                })
            })
            .collect();
        assert!(weights.is_sorted(), "{weights:?}");
        assert!(
            weights.iter().any(|w| *w > 0.0 && *w < 1.0),
            "smooth between: {weights:?}"
        );
    }

    #[test]
    fn tiny_and_broken_pictures_have_a_weight() {
        assert_eq!(
            informative(&Picture {
                width: 1,
                height: 1,
                rgb: &[9, 9, 9]
            }),
            0.0
        );
        assert_eq!(
            informative(&Picture {
                width: 4,
                height: 4,
                rgb: &[0; 3]
            }),
            0.0
        );
    }
}
