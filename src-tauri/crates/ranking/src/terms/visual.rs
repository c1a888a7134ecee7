//! How well a track fits the picture.
//!
//! The candidates are the nearest tracks of the catalog, so their raw cosines crowd into a narrow
//! band whose place depends on the pack, the clip and the catalog. Taken raw, every other term
//! would outweigh them. They are therefore calibrated within the candidate set: the logistic of
//! slope times the robust z-score, 0.5 for the median candidate. With the slope that was fitted
//! to people's choices ([`crate::Brief::visual_slope`]) that is the probability that a person
//! prefers the track over a typical candidate by the picture alone (Bradley & Terry 1952). The
//! map is strictly rising, so the visual order is the cosine order.

use super::{NEUTRAL, Scale, finite, percentile};
use crate::brief::Brief;
use crate::candidate::Candidate;

/// Cosines closer together than this are not told apart by ear; a set that spreads less is
/// treated as if it spread this far.
const FLOOR: f64 = 0.01;

pub(crate) struct Visual {
    scale: Option<Scale>,
    slope: f64,
    sorted: Vec<f64>,
}

impl Visual {
    pub(crate) fn new(brief: &Brief, candidates: &[&Candidate]) -> Self {
        let mut sorted: Vec<f64> = candidates.iter().filter_map(|c| finite(c.cosine)).collect();
        sorted.sort_by(f64::total_cmp);
        Self {
            scale: Scale::of(sorted.iter().copied(), FLOOR),
            slope: brief.slope(),
            sorted,
        }
    }

    pub(crate) fn score(&self, candidate: &Candidate) -> f64 {
        match (finite(candidate.cosine), &self.scale) {
            (Some(cosine), Some(scale)) => scale.place(cosine, self.slope),
            _ => NEUTRAL,
        }
    }

    pub(crate) fn reason(&self, candidate: &Candidate) -> String {
        let Some(cosine) = finite(candidate.cosine) else {
            return "not compared with the picture".to_owned();
        };
        if self.sorted.len() < 2 {
            return format!("the only candidate (cosine {cosine:.2})");
        }
        let better_than = percentile(&self.sorted, cosine) * 100.0;
        if better_than >= 50.0 {
            format!("closer to the picture than {better_than:.0} % of the candidates")
        } else {
            format!(
                "further from the picture than {:.0} % of the candidates",
                100.0 - better_than
            )
        }
    }
}
