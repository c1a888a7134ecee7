//! Features of a picture: light, colour, hue and texture as 24 numbers.
//!
//! Lightness and colour are CIE 1976 L*a*b* (CIE 15, D65 white), divided by 100; colourfulness is
//! Hasler and Süsstrunk's (2003). Light and colour carry feeling: Valdez and Mehrabian (1994) found
//! that pleasure rises with brightness and saturation, and arousal with saturation. Everything is
//! measured on a grid of 48 × 48 cell means, so that resolution, aspect ratio and grain hardly
//! matter and a frame takes well under 1 ms.

mod cells;
mod statistics;

use crate::Picture;
use cells::{CELLS, GRID, cell_means, hsv_saturation, lab};
use statistics::{
    COARSE, coarse, colourfulness, deviation, differences, hue_parts, mean, palette_entropy,
    quantile,
};

/// Number of features of a picture.
pub const FEATURE_COUNT: usize = 24;

/// Names of the features, in order.
pub const FEATURE_NAMES: [&str; FEATURE_COUNT] = [
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

/// Features of a picture, unscaled, named by [`FEATURE_NAMES`]:
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
pub fn picture_features(picture: &Picture<'_>) -> [f32; FEATURE_COUNT] {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn feature(rgb: &[u8], width: u32, height: u32, name: &str) -> f32 {
        let all = picture_features(&Picture { width, height, rgb });
        let at = FEATURE_NAMES.iter().position(|n| *n == name).unwrap();
        all[at]
    }

    fn paint(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| colour(x, y))
            .collect()
    }

    #[test]
    fn white_is_bright_and_grey_and_black_is_dark() {
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
    fn blue_has_the_lightness_and_warmth_of_its_lab_values() {
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
    fn hue_shares_of_a_colourful_picture_sum_to_nearly_one() {
        let wheel = paint(96, 96, |x, y| [(x * 2) as u8, (y * 2) as u8, 128]);
        let all = picture_features(&Picture {
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
    fn horizontal_stripes_have_a_positive_edge_level() {
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
    fn size_hardly_changes_the_features() {
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
        let small = picture_features(&Picture {
            width: 320,
            height: 180,
            rgb: &small,
        });
        let large = picture_features(&Picture {
            width: 1920,
            height: 1080,
            rgb: &large,
        });
        for (name, (a, b)) in FEATURE_NAMES.iter().zip(small.iter().zip(&large)) {
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
            let all = picture_features(&Picture {
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
