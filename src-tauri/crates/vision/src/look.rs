//! How a picture looks, whatever it shows: light, colour, hue and texture as 24 plain numbers.
//!
//! Lightness and colour are CIE 1976 L*a*b* (CIE 15, D65 white) on the scale 0..1 for L* and
//! L*/100-like for a* and b*; colourfulness is Hasler and Süsstrunk's (2003); that light and colour
//! carry feeling follows Valdez and Mehrabian (1994), who found pleasure to rise with brightness
//! and saturation and arousal with saturation. Everything is measured on a grid of 48 × 48 cell
//! means, so resolution, aspect ratio and grain hardly matter and a frame costs well under 1 ms.

use crate::Picture;

/// Number of features.
pub const LOOK_DIM: usize = 24;

/// Names of the features, in order.
pub const LOOK_NAMES: [&str; LOOK_DIM] = [
    "light",
    "light_dev",
    "light_low",
    "light_high",
    "dark",
    "bright",
    "saturation",
    "saturation_dev",
    "colourfulness",
    "warmth",
    "green_red",
    "grey",
    "hue_0",
    "hue_1",
    "hue_2",
    "hue_3",
    "hue_4",
    "hue_5",
    "hue_6",
    "hue_7",
    "edge_fine",
    "edge_coarse",
    "edge_level",
    "palette",
];

/// Cells along each side.
const GRID: usize = 48;
const CELLS: usize = GRID * GRID;
/// Cells along each side of a coarse cell.
const COARSE: usize = 4;
/// Pixels sampled along each side of a cell, at most.
const SAMPLES: usize = 8;
/// Parts of the hue circle.
const HUES: usize = 8;
/// Levels of each channel in the palette.
const LEVELS: usize = 4;

/// Features of a picture, unscaled, named by [`LOOK_NAMES`]:
///
/// - `light`, `light_dev`: mean and deviation of L*; `light_low`, `light_high`: its 10 % and 90 %
///   quantiles; `dark`, `bright`: parts of the picture with L* below 0.2 and above 0.8.
/// - `saturation`, `saturation_dev`: mean and deviation of HSV saturation; `colourfulness`: Hasler
///   and Süsstrunk's; `warmth`, `green_red`: means of b* and a*; `grey`: part with chroma below 0.08.
/// - `hue_0` … `hue_7`: chroma in eight overlapping parts of the a*b* hue circle from red on, as
///   parts of all chroma (near 0 for a grey picture).
/// - `edge_fine`, `edge_coarse`: mean absolute L* differences of neighbouring cells, and of cells
///   four times as wide, both directions summed; `edge_level`: log ratio of vertical to horizontal
///   differences (positive where horizons and floors rule); `palette`: entropy of colours in a
///   4 × 4 × 4 cube, 0..1.
///
/// A picture whose size and pixels do not agree gives the features of a black one.
pub fn look(picture: &Picture<'_>) -> [f32; LOOK_DIM] {
    let cells = if picture.check().is_ok() {
        cell_means(picture)
    } else {
        vec![[0.0; 3]; CELLS]
    };
    let lab: Vec<[f64; 3]> = cells.iter().map(|rgb| lab(*rgb)).collect();
    let light: Vec<f64> = lab.iter().map(|c| c[0]).collect();
    let saturation: Vec<f64> = cells.iter().map(|rgb| hsv_saturation(*rgb)).collect();
    let mut sorted = light.clone();
    sorted.sort_by(f64::total_cmp);
    let part =
        |is: &dyn Fn(usize) -> bool| (0..CELLS).filter(|i| is(*i)).count() as f64 / CELLS as f64;
    let chroma: Vec<f64> = lab.iter().map(|c| c[1].hypot(c[2])).collect();
    let (across, down) = differences(&light, GRID);
    let (coarse_across, coarse_down) = differences(&coarse(&light), GRID / COARSE);
    let hues = hue_parts(&lab, &chroma);
    let features = [
        mean(&light),
        deviation(&light),
        quantile(&sorted, 0.1),
        quantile(&sorted, 0.9),
        part(&|i| light[i] < 0.2),
        part(&|i| light[i] > 0.8),
        mean(&saturation),
        deviation(&saturation),
        colourfulness(&cells),
        lab.iter().map(|c| c[2]).sum::<f64>() / CELLS as f64,
        lab.iter().map(|c| c[1]).sum::<f64>() / CELLS as f64,
        part(&|i| chroma[i] < 0.08),
        hues[0],
        hues[1],
        hues[2],
        hues[3],
        hues[4],
        hues[5],
        hues[6],
        hues[7],
        across + down,
        coarse_across + coarse_down,
        ((down + 0.002) / (across + 0.002)).ln(),
        palette_entropy(&cells),
    ];
    features.map(|f| f as f32)
}

/// Mean RGB (0..1) of each cell, row by row, from at most 8 × 8 evenly spaced pixels a cell.
fn cell_means(picture: &Picture<'_>) -> Vec<[f64; 3]> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let columns: Vec<Vec<usize>> = (0..GRID).map(|c| positions(c, width)).collect();
    let mut cells = Vec::with_capacity(CELLS);
    for row in 0..GRID {
        let rows = positions(row, height);
        for columns in &columns {
            let mut sum = [0u32; 3];
            for y in &rows {
                for x in columns {
                    let at = (y * width + x) * 3;
                    for (sum, byte) in sum.iter_mut().zip(&picture.rgb[at..at + 3]) {
                        *sum += u32::from(*byte);
                    }
                }
            }
            let n = (rows.len() * columns.len()) as f64 * 255.0;
            cells.push(sum.map(|s| f64::from(s) / n));
        }
    }
    cells
}

/// Pixel positions that stand for a cell along one side.
fn positions(cell: usize, length: usize) -> Vec<usize> {
    let from = cell * length / GRID;
    let to = ((cell + 1) * length / GRID).max(from + 1);
    let n = (to - from).min(SAMPLES);
    (0..n)
        .map(|i| from + (2 * i + 1) * (to - from) / (2 * n))
        .collect()
}

/// sRGB (0..1) to L*, a*, b*, each divided by 100.
fn lab(rgb: [f64; 3]) -> [f64; 3] {
    let linear = rgb.map(|c| {
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    let [r, g, b] = linear;
    let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
    let f = |t: f64| {
        if t > 216.0 / 24_389.0 {
            t.cbrt()
        } else {
            (24_389.0 / 27.0 * t + 16.0) / 116.0
        }
    };
    let (x, y, z) = (f(x), f(y), f(z));
    [1.16 * y - 0.16, 5.0 * (x - y), 2.0 * (y - z)]
}

fn hsv_saturation(rgb: [f64; 3]) -> f64 {
    let most = rgb.iter().copied().fold(0.0, f64::max);
    let least = rgb.iter().copied().fold(1.0, f64::min);
    if most > 0.0 {
        (most - least) / most
    } else {
        0.0
    }
}

/// Hasler and Süsstrunk (2003), "Measuring colourfulness in natural images", on RGB of 0..1.
fn colourfulness(cells: &[[f64; 3]]) -> f64 {
    let red_green: Vec<f64> = cells.iter().map(|c| c[0] - c[1]).collect();
    let yellow_blue: Vec<f64> = cells.iter().map(|c| 0.5 * (c[0] + c[1]) - c[2]).collect();
    deviation(&red_green).hypot(deviation(&yellow_blue))
        + 0.3 * mean(&red_green).hypot(mean(&yellow_blue))
}

/// Chroma in each part of the hue circle over all chroma; a cell is shared by the two parts that
/// its hue lies between. The 0.05 a cell keeps the numbers of a grey picture near 0.
fn hue_parts(lab: &[[f64; 3]], chroma: &[f64]) -> [f64; HUES] {
    let mut parts = [0.0; HUES];
    for (cell, chroma) in lab.iter().zip(chroma) {
        let turn = (cell[2].atan2(cell[1]) / std::f64::consts::TAU).rem_euclid(1.0);
        let place = turn * HUES as f64;
        let share = place - place.floor();
        let first = place as usize % HUES;
        parts[first] += chroma * (1.0 - share);
        parts[(first + 1) % HUES] += chroma * share;
    }
    let all = chroma.iter().sum::<f64>() + 0.05 * chroma.len() as f64;
    parts.map(|p| p / all)
}

/// Mean absolute difference of neighbours across and down a square of `side` cells.
fn differences(values: &[f64], side: usize) -> (f64, f64) {
    let (mut across, mut down) = (0.0, 0.0);
    for y in 0..side {
        for x in 0..side {
            let here = values[y * side + x];
            if x + 1 < side {
                across += (values[y * side + x + 1] - here).abs();
            }
            if y + 1 < side {
                down += (values[(y + 1) * side + x] - here).abs();
            }
        }
    }
    let pairs = (side * (side - 1)) as f64;
    (across / pairs, down / pairs)
}

/// Means over blocks of 4 × 4 cells.
fn coarse(values: &[f64]) -> Vec<f64> {
    let side = GRID / COARSE;
    let mut blocks = vec![0.0; side * side];
    for (i, value) in values.iter().enumerate() {
        blocks[i / GRID / COARSE * side + i % GRID / COARSE] += value / (COARSE * COARSE) as f64;
    }
    blocks
}

/// Entropy of the colours, as a part of the most that a palette of 64 can have.
fn palette_entropy(cells: &[[f64; 3]]) -> f64 {
    let mut counts = [0usize; LEVELS * LEVELS * LEVELS];
    for cell in cells {
        let [r, g, b] = cell.map(|c| ((c * LEVELS as f64) as usize).min(LEVELS - 1));
        counts[(r * LEVELS + g) * LEVELS + b] += 1;
    }
    let all = cells.len() as f64;
    let entropy: f64 = counts
        .iter()
        .filter(|n| **n > 0)
        .map(|n| *n as f64 / all)
        .map(|p| -p * p.ln())
        .sum();
    entropy / ((LEVELS * LEVELS * LEVELS) as f64).ln()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// Quantile of sorted values, linear between neighbours.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() - 1) as f64;
    let low = place as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (sorted[high] - sorted[low]) * (place - low as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature(rgb: &[u8], width: u32, height: u32, name: &str) -> f32 {
        let all = look(&Picture { width, height, rgb });
        let at = LOOK_NAMES.iter().position(|n| *n == name).unwrap();
        all[at]
    }

    fn paint(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| colour(x, y))
            .collect()
    }

    #[test]
    fn a_white_picture_is_bright_and_grey_and_a_black_one_dark() {
        let white = paint(64, 36, |_, _| [255; 3]);
        assert!(
            (feature(&white, 64, 36, "light") - 1.0).abs() < 1e-3,
            "L* of white is 100"
        );
        assert_eq!(
            feature(&white, 64, 36, "bright"),
            1.0,
            "all of it is bright"
        );
        assert_eq!(feature(&white, 64, 36, "grey"), 1.0, "white has no chroma");
        let black = paint(64, 36, |_, _| [0; 3]);
        assert_eq!(feature(&black, 64, 36, "dark"), 1.0, "all of it is dark");
        assert!(
            feature(&black, 64, 36, "palette").abs() < 1e-6,
            "one colour has no entropy"
        );
    }

    #[test]
    fn the_reference_blue_has_the_lightness_and_warmth_of_its_lab() {
        // sRGB blue is L* 32.30, a* 79.19, b* -107.86.
        let blue = paint(50, 50, |_, _| [0, 0, 255]);
        assert!(
            (feature(&blue, 50, 50, "light") - 0.323).abs() < 2e-3,
            "L* of blue"
        );
        assert!(
            (feature(&blue, 50, 50, "green_red") - 0.7919).abs() < 5e-3,
            "a* of blue"
        );
        assert!(
            (feature(&blue, 50, 50, "warmth") + 1.0786).abs() < 5e-3,
            "b* of blue"
        );
    }

    #[test]
    fn the_hue_parts_of_a_colourful_picture_sum_to_nearly_one() {
        let wheel = paint(96, 96, |x, y| [(x * 2) as u8, (y * 2) as u8, 128]);
        let all = look(&Picture {
            width: 96,
            height: 96,
            rgb: &wheel,
        });
        let sum: f32 = all[12..20].iter().sum();
        assert!(
            (0.8..1.0).contains(&sum),
            "chroma is shared out whole, got {sum}"
        );
    }

    #[test]
    fn horizontal_stripes_read_as_level() {
        let stripes = paint(
            96,
            96,
            |_, y| if y / 8 % 2 == 0 { [255; 3] } else { [0; 3] },
        );
        assert!(
            feature(&stripes, 96, 96, "edge_level") > 1.0,
            "differences run downwards only"
        );
        let posts = paint(
            96,
            96,
            |x, _| if x / 8 % 2 == 0 { [255; 3] } else { [0; 3] },
        );
        assert!(
            feature(&posts, 96, 96, "edge_level") < -1.0,
            "differences run across only"
        );
    }

    #[test]
    fn size_hardly_changes_the_look() {
        let scene = |w: u32, h: u32| {
            paint(w, h, move |x, y| {
                let (u, v) = (f64::from(x) / f64::from(w), f64::from(y) / f64::from(h));
                [
                    (200.0 * u) as u8,
                    (255.0 * v) as u8,
                    (128.0 + 90.0 * (6.0 * u).sin()) as u8,
                ]
            })
        };
        let (small, large) = (scene(320, 180), scene(1920, 1080));
        let small = look(&Picture {
            width: 320,
            height: 180,
            rgb: &small,
        });
        let large = look(&Picture {
            width: 1920,
            height: 1080,
            rgb: &large,
        });
        for (name, (a, b)) in LOOK_NAMES.iter().zip(small.iter().zip(&large)) {
            assert!(
                (a - b).abs() < 0.02,
                "{name}: {a} at 180 lines, {b} at 1080"
            );
        }
    }

    #[test]
    fn every_feature_of_any_size_is_finite() {
        for (width, height) in [(1, 1), (3, 200), (47, 49), (1000, 2)] {
            let picture = paint(width, height, |x, y| [(x * 7) as u8, (y * 5) as u8, 9]);
            let all = look(&Picture {
                width,
                height,
                rgb: &picture,
            });
            assert!(
                all.iter().all(|f| f.is_finite()),
                "{width}x{height} gave {all:?}"
            );
        }
    }
}
