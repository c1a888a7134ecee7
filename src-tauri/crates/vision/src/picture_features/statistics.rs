//! Statistics over the cells of a picture.

use super::cells::GRID;

/// Cells along each side of a coarse cell.
pub(super) const COARSE: usize = 4;

/// Number of parts of the hue circle.
const HUES: usize = 8;

/// Levels of each channel in the palette.
const LEVELS: usize = 4;

/// Hasler and Süsstrunk (2003), *Measuring colourfulness in natural images*, on RGB of 0..1.
pub(super) fn colourfulness(cells: &[[f64; 3]]) -> f64 {
    let red_green: Vec<f64> = cells.iter().map(|c| c[0] - c[1]).collect();
    let yellow_blue: Vec<f64> = cells.iter().map(|c| 0.5 * (c[0] + c[1]) - c[2]).collect();
    deviation(&red_green).hypot(deviation(&yellow_blue))
        + 0.3 * mean(&red_green).hypot(mean(&yellow_blue))
}

/// Share of each part of the hue circle in all chroma. A cell counts towards the two parts next to
/// its hue. The constant 0.05 per cell keeps the shares of a grey picture near 0.
pub(super) fn hue_parts(lab: &[[f64; 3]], chroma: &[f64]) -> [f64; HUES] {
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

/// Mean absolute difference of neighbours, across and down, in a square of `side` cells.
pub(super) fn differences(values: &[f64], side: usize) -> (f64, f64) {
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
pub(super) fn coarse(values: &[f64]) -> Vec<f64> {
    let side = GRID / COARSE;
    let mut blocks = vec![0.0; side * side];
    for (i, value) in values.iter().enumerate() {
        blocks[i / GRID / COARSE * side + i % GRID / COARSE] += value / (COARSE * COARSE) as f64;
    }
    blocks
}

/// Entropy of the colours as a share of the largest possible one of a palette of 64.
pub(super) fn palette_entropy(cells: &[[f64; 3]]) -> f64 {
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

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub(super) fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// Quantile of sorted values, interpolated linearly.
pub(super) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() - 1) as f64;
    let low = place as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (sorted[high] - sorted[low]) * (place - low as f64)
}
