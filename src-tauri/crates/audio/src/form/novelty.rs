//! Changes of a track: a checkerboard kernel along the diagonal of its self-similarity matrix.
//!
//! J. Foote, *Automatic audio segmentation using a measure of audio novelty*, ICME 2000.

use super::units::Units;

/// Units compared on each side of a bound.
const REACH: usize = 8;

/// Novelty at each bound between units, `[units + 1]`; 0 at both ends.
pub fn novelty(units: &Units) -> Vec<f64> {
    let n = units.len();
    let mut novelty = vec![0.0; n + 1];
    for (bound, value) in novelty.iter_mut().enumerate().take(n).skip(1) {
        let reach = REACH.min(bound).min(n - bound);
        let (mut same, mut across, mut same_weight, mut across_weight) = (0.0, 0.0, 0.0, 0.0);
        for i in 0..reach {
            for j in 0..reach {
                let weight = taper(i) * taper(j);
                across += weight * units.alike(bound - 1 - i, bound + j);
                across_weight += weight;
                if i < j {
                    same += weight * units.alike(bound - 1 - i, bound - 1 - j);
                    same += weight * units.alike(bound + i, bound + j);
                    same_weight += 2.0 * weight;
                }
            }
        }
        let same = if same_weight > 0.0 {
            same / same_weight
        } else {
            1.0
        };
        *value = (same - across / across_weight).max(0.0) * (reach as f64 / REACH as f64).sqrt();
    }
    novelty
}

fn taper(away: usize) -> f64 {
    let x = away as f64 / REACH as f64;
    (-2.0 * x * x).exp()
}

/// The bounds with the largest novelty around them: at least `least` units apart and from both
/// ends.
pub fn changes(novelty: &[f64], least: usize) -> Vec<usize> {
    let n = novelty.len().max(1) as f64;
    let mean = novelty.iter().sum::<f64>() / n;
    let square = novelty.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let threshold = mean + 0.3 * square.sqrt();
    let last = novelty.len().saturating_sub(1);
    let mut order: Vec<usize> = (1..last)
        .filter(|&at| novelty[at] > threshold.max(0.02))
        .collect();
    order.sort_by(|&a, &b| novelty[b].total_cmp(&novelty[a]).then(a.cmp(&b)));
    let mut chosen: Vec<usize> = vec![0, last];
    for at in order {
        if chosen.iter().all(|c| c.abs_diff(at) >= least) {
            chosen.push(at);
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
