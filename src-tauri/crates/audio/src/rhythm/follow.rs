//! Follows a tempo through a track: the best chain of moments about one beat apart. Pure.
//!
//! D. Ellis, *Beat tracking by dynamic programming*, JNMR 2007.

use super::moments::RATE_HZ;

/// A beat may come this much earlier or later than the tempo predicts.
const REACH: f64 = 0.15;

/// Beats at a tempo, as indices of moments, and the score of their chain.
///
/// `evidence`: one value a moment, of standard deviation 1. `tightness`: cost of a beat that comes
/// at `e` times its distance, for a distance of half a second.
pub fn follow(evidence: &[f64], bpm: f64, tightness: f64) -> (Vec<usize>, f64) {
    let period = 60.0 * RATE_HZ / bpm;
    let nearest = ((1.0 - REACH) * period) as usize;
    let costs: Vec<f64> = (nearest..=((1.0 + REACH) * period) as usize + 1)
        .map(|distance| {
            let off = (distance as f64 / period).ln();
            tightness * period / (RATE_HZ / 2.0) * off * off
        })
        .collect();
    let mut scores = vec![0.0; evidence.len()];
    let mut before = vec![usize::MAX; evidence.len()];
    for (at, value) in evidence.iter().enumerate() {
        let mut best = 0.0;
        for (more, cost) in costs.iter().enumerate() {
            let Some(from) = at.checked_sub(nearest + more) else {
                break;
            };
            let score = scores[from] - cost;
            if score > best {
                best = score;
                before[at] = from;
            }
        }
        scores[at] = value + best;
    }
    let last_period = evidence.len().saturating_sub(nearest + costs.len() - 1);
    let end = (last_period..evidence.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let Some(end) = end else {
        return (Vec::new(), 0.0);
    };
    let chain = std::iter::successors(Some(end), |&at| {
        Some(before[at]).filter(|b| *b != usize::MAX)
    });
    let mut beats: Vec<usize> = chain.collect();
    beats.reverse();
    (beats, scores[end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_are_found_and_gaps_are_filled() {
        let mut evidence = vec![0.0; 2000];
        let pulses: Vec<usize> = (0..38).map(|k| 25 + k * 52).collect();
        for (k, &at) in pulses.iter().enumerate() {
            evidence[at] = if k % 5 == 2 { 0.0 } else { 3.0 };
        }
        let (beats, _) = follow(&evidence, 60.0 * RATE_HZ / 52.0, 100.0);
        assert_eq!(beats, pulses, "missing pulses stand where they belong");
    }

    #[test]
    fn a_drifting_tempo_is_followed() {
        let mut evidence = vec![0.0; 3000];
        let mut pulses = vec![];
        let mut at = 20.0_f64;
        while at < 2990.0 {
            pulses.push(at as usize);
            evidence[at as usize] = 4.0;
            at += 50.0 + 4.0 * (at / 500.0).sin();
        }
        let (beats, _) = follow(&evidence, 120.0, 100.0);
        assert_eq!(beats, pulses);
    }

    #[test]
    fn no_evidence_gives_no_beats() {
        assert_eq!(follow(&[], 120.0, 100.0).0, Vec::<usize>::new());
    }
}
