//! Whether a track leaves room for the speech of a clip.
//!
//! Singing over speech is the worst for a mix. Second comes music with much power in the band of voices, 300 Hz to 3.4
//! kHz (the telephone band of ITU-T G.712). The share of singing counts as it is. The share of the band counts relative
//! to the other candidates, because its usual value depends on the measurement.

use std::borrow::Borrow;

use super::{NEUTRAL, doubt, finite, percentile};
use crate::brief::Brief;
use crate::candidate::Candidate;

/// Weight of singing; the band has the rest.
const SONG: f64 = 0.7;
/// A track counts as sung from the first share of singing on, and as instrumental up to the second.
const SUNG: f64 = 0.5;
const INSTRUMENTAL: f64 = 0.2;
/// Share of speech below which the reason says nothing about voices.
const SPOKEN: f64 = 0.05;

pub(crate) struct Room {
    spoken: f64,
    /// Shares of power in the band of voices of all candidates, ascending.
    presences: Vec<f64>,
}

fn share(value: Option<f32>) -> Option<f64> {
    finite(value).map(|v| v.clamp(0.0, 1.0))
}

impl Room {
    pub(crate) fn new(brief: &Brief, candidates: &[impl Borrow<Candidate>]) -> Room {
        let presences = candidates.iter().filter_map(|c| share(c.borrow().presence));
        let mut presences: Vec<f64> = presences.collect();
        presences.sort_by(f64::total_cmp);
        Room {
            spoken: brief.spoken(),
            presences,
        }
    }

    /// Share of the clip with speech, 0 to 1.
    pub(crate) fn spoken(&self) -> f64 {
        self.spoken
    }

    /// From 0 (masks the speech) to 1 (leaves room for it), nearer to neutral for less speech. `None` for a clip without
    /// speech or a track without data.
    pub(crate) fn fit(&self, candidate: &Candidate) -> Option<f64> {
        if self.spoken == 0.0 {
            return None;
        }
        let song = share(candidate.vocal).map(|song| 1.0 - song);
        let band = self.band(candidate).map(|at| 1.0 - at);
        let fit = match (song, band) {
            (Some(song), Some(band)) => SONG * song + (1.0 - SONG) * band,
            (Some(song), None) => song,
            (None, Some(band)) => NEUTRAL + (1.0 - SONG) * (band - NEUTRAL),
            (None, None) => return None,
        };
        Some(doubt(fit, (2.0 * self.spoken).min(1.0) as f32))
    }

    fn band(&self, candidate: &Candidate) -> Option<f64> {
        share(candidate.presence).map(|presence| percentile(&self.presences, presence))
    }

    /// The reason in words; `None` if neither singing nor the band matters.
    pub(crate) fn reason(&self, candidate: &Candidate) -> Option<&'static str> {
        if self.spoken < SPOKEN {
            return None;
        }
        let (song, band) = (share(candidate.vocal), self.band(candidate));
        match (song, band) {
            (Some(song), _) if song >= SUNG => Some("sung, and people speak in the clip"),
            (_, Some(band)) if band >= 0.8 => Some("dense where the voices lie"),
            (Some(song), Some(band)) if song <= INSTRUMENTAL && band < SUNG => {
                Some("leaves room for the voices")
            }
            (Some(song), None) if song <= INSTRUMENTAL => Some("leaves room for the voices"),
            _ => None,
        }
    }
}
