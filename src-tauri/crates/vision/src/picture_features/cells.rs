//! The grid of cell means of a picture, and the colour spaces of a cell.

use crate::Picture;

/// Cells along each side of the picture.
pub(super) const GRID: usize = 48;

pub(super) const CELLS: usize = GRID * GRID;

/// Pixels sampled along each side of a cell, at most.
const SAMPLES: usize = 8;

/// Mean RGB (0..1) of each cell, row by row, from at most 8 × 8 evenly spaced pixels each.
pub(super) fn cell_means(picture: &Picture<'_>) -> Vec<[f64; 3]> {
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

/// Positions of the sampled pixels of a cell along one side.
fn positions(cell: usize, length: usize) -> Vec<usize> {
    let from = cell * length / GRID;
    let to = ((cell + 1) * length / GRID).max(from + 1);
    let n = (to - from).min(SAMPLES);
    (0..n)
        .map(|i| from + (2 * i + 1) * (to - from) / (2 * n))
        .collect()
}

/// L*, a*, b* of an sRGB colour (0..1), each divided by 100.
pub(super) fn lab(rgb: [f64; 3]) -> [f64; 3] {
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

pub(super) fn hsv_saturation(rgb: [f64; 3]) -> f64 {
    let most = rgb.iter().copied().fold(0.0, f64::max);
    let least = rgb.iter().copied().fold(1.0, f64::min);
    if most > 0.0 {
        (most - least) / most
    } else {
        0.0
    }
}
