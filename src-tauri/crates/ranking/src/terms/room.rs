//! Whether a track leaves room for the voices of a clip.
//!
//! Song over speech is what mixers avoid first; after it, music that is dense where voices lie,
//! about 300 Hz to 3.4 kHz (the telephone band of ITU-T G.712). Shares are taken as they are for
//! song, and against the other candidates for the band, as its usual share depends on how it was
//! measured.

use std::borrow::Borrow;

use super::{NEUTRAL, doubt, finite, percentile};
use crate::brief::Brief;
use crate::candidate::Candidate;

/// Share of song beside the share of the band.
const SONG: f64 = 0.7;
/// Shares of song from which a track counts as sung, and up to which as not.
const SUNG: f64 = 0.5;
const PLAYED: f64 = 0.2;
/// Share of speech below which the reason does not mention it.
const SPOKEN: f64 = 0.05;

pub(crate) struct Room {
    spoken: f64,
    /// Presence of the candidates, ascending.
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

    /// Share of the clip in which somebody speaks, 0 to 1.
    pub(crate) fn spoken(&self) -> f64 {
        self.spoken
    }

    /// 0 in the way of the voices to 1 out of it, nearer to neutral where few speak; `None` where
    /// nobody does or nothing is known of the track.
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

    /// In words, where there is something to say.
    pub(crate) fn reason(&self, candidate: &Candidate) -> Option<&'static str> {
        if self.spoken < SPOKEN {
            return None;
        }
        let (song, band) = (share(candidate.vocal), self.band(candidate));
        match (song, band) {
            (Some(song), _) if song >= SUNG => Some("sung, and people speak in the clip"),
            (_, Some(band)) if band >= 0.8 => Some("dense where the voices lie"),
            (Some(song), Some(band)) if song <= PLAYED && band < SUNG => {
                Some("leaves room for the voices")
            }
            (Some(song), None) if song <= PLAYED => Some("leaves room for the voices"),
            _ => None,
        }
    }
}
