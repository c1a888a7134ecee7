//! Smooth scores from 0 to 1 for a measured number.

use super::wish::Edges;
use crate::terms::logistic;

/// Width of an edge in tempo, octaves: at an edge the score is 0.5, one width inside 0.73, two widths 0.88. A tenth of
/// an octave is 7 %, about twice the just noticeable difference of tempi.
const TEMPO_WIDTH: f64 = 0.1;
/// Tempi given in numbers have sharper edges, which lie this much outside the numbers, octaves.
const COUNTED_WIDTH: f64 = 0.02;
const COUNTED_ROOM: f64 = 0.06;
/// Fit of half or double the counted tempo.
const HALF_OR_DOUBLE: f64 = 0.6;
/// Width of an edge in percentiles.
const SHARE_WIDTH: f64 = 0.08;
/// Percentile of a wanted tag at which the score is 0.5, and the width.
const TAGGED: (f64, f64) = (0.7, 0.1);
/// Percentile of a refused tag at which the score is 0.5, and the width.
const UNTAGGED: (f64, f64) = (0.3, 0.08);
/// Shares of voices at which the score is 0.5 for wanted and for refused voices, and the width.
const SUNG: f64 = 0.4;
const INSTRUMENTAL: f64 = 0.35;
const VOICE_WIDTH: f64 = 0.07;
/// Part of the score for voices that is their percentile, which orders the tracks inside the edges.
const VOICE_ORDER: f64 = 0.3;

/// Fit of a tempo to a word: increasing towards the inside.
pub(super) fn tempo(bpm: f64, edges: Edges) -> f64 {
    octaves(bpm, edges, 0.0, TEMPO_WIDTH)
}

/// Fit of a tempo to numbers: flat inside, in part for half and double.
pub(super) fn counted_tempo(bpm: f64, edges: Edges) -> f64 {
    let at = |bpm| octaves(bpm, edges, COUNTED_ROOM, COUNTED_WIDTH);
    at(bpm).max(HALF_OR_DOUBLE * at(bpm / 2.0).max(at(bpm * 2.0)))
}

fn octaves(bpm: f64, edges: Edges, room: f64, width: f64) -> f64 {
    let over = |low: f32| logistic(((bpm / f64::from(low)).log2() + room) / width);
    let under = |high: f32| logistic(((f64::from(high) / bpm).log2() + room) / width);
    edges.low.map_or(1.0, over) * edges.high.map_or(1.0, under)
}

/// Fit of a percentile.
pub(super) fn share(at: f64, edges: Edges) -> f64 {
    let over = |low: f32| logistic((at - f64::from(low)) / SHARE_WIDTH);
    let under = |high: f32| logistic((f64::from(high) - at) / SHARE_WIDTH);
    edges.low.map_or(1.0, over) * edges.high.map_or(1.0, under)
}

/// Fit of a wanted tag at a percentile.
pub(super) fn tagged(at: f64) -> f64 {
    logistic((at - TAGGED.0) / TAGGED.1)
}

/// Fit of an unwanted tag at a percentile.
pub(super) fn untagged(at: f64) -> f64 {
    logistic((UNTAGGED.0 - at) / UNTAGGED.1)
}

/// Fit of wanted voices, from their share of the track and its percentile.
pub(super) fn sung(share: f64, at: f64) -> f64 {
    logistic((share - SUNG) / VOICE_WIDTH) * (1.0 - VOICE_ORDER * (1.0 - at))
}

/// Fit of unwanted voices.
pub(super) fn instrumental(share: f64, at: f64) -> f64 {
    logistic((INSTRUMENTAL - share) / VOICE_WIDTH) * (1.0 - VOICE_ORDER * at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tempo_further_inside_an_edge_fits_better() {
        let fast = Edges::over(118.0);
        let scores = [60.0, 100.0, 118.0, 130.0, 160.0].map(|bpm| tempo(bpm, fast));
        assert!(scores.windows(2).all(|w| w[0] < w[1]), "{scores:?}");
        assert!((scores[2] - 0.5).abs() < 1e-9, "half at the edge");
        let slow = Edges::under(90.0);
        assert!(tempo(60.0, slow) > 0.99 && tempo(140.0, slow) < 0.01);
    }

    #[test]
    fn counted_tempi_are_equal_inside_and_half_and_double_fit_in_part() {
        let range = Edges::between(90.0, 110.0);
        let inside = [92.0, 100.0, 108.0].map(|bpm| counted_tempo(bpm, range));
        assert!(inside.iter().all(|fit| *fit > 0.9), "{inside:?}");
        let double = counted_tempo(200.0, range);
        assert!((0.5..0.65).contains(&double), "{double}");
        assert!(counted_tempo(140.0, range) < 0.05);
    }

    #[test]
    fn percentiles_fit_between_their_edges() {
        assert!(share(0.5, Edges::between(0.3, 0.7)) > 0.8);
        assert!(share(0.95, Edges::between(0.3, 0.7)) < 0.1);
        assert!(tagged(0.95) > 0.85 && tagged(0.4) < 0.1);
        assert!(untagged(0.1) > 0.9 && untagged(0.8) < 0.05);
        assert!(instrumental(0.05, 0.1) > 0.9 && sung(0.05, 0.1) < 0.05);
    }
}
