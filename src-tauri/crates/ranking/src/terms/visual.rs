//! The fit of a track to the picture.
//!
//! The candidates are the nearest tracks of the catalog, so their cosines lie in a narrow band whose position depends on
//! pack, clip and catalog. Unscaled, every other term would outweigh them. The score is therefore the logistic of slope
//! times the robust z-score among the candidates, 0.5 for the median candidate. With a slope that was fitted to people's
//! choices ([`crate::Brief::visual_slope`]) it is the probability that a person prefers the track over a typical
//! candidate by the picture alone (Bradley & Terry 1952). The function is strictly increasing, so the order is that of
//! the cosines.

use super::{NEUTRAL, Scale, finite, percentile};
use crate::brief::Brief;
use crate::candidate::Candidate;

/// Smallest spread of cosines: smaller differences cannot be heard.
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
