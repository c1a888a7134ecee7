//! The document of a track's timeline.

use needledrop_engine::Library;
use serde::Serialize;

use super::values::rounded;
use crate::fault::Fault;

/// Values at an even rate.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Curve {
    /// Number of values per second.
    pub rate_hz: f64,
    pub values: Vec<f64>,
}

/// Beats, peaks and ending of a track. All times are seconds of the track.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TrackTimeline {
    pub track_id: String,
    pub duration_s: f64,
    pub bpm: Option<f64>,
    pub beats_s: Vec<f64>,
    /// Indices of the beats that begin a bar.
    pub downbeats: Vec<u32>,
    /// Beats in a bar; 0 if that is not known.
    pub per_bar: u8,
    /// Absolute peaks, 0 to 255.
    pub peaks: Curve,
    /// Integrated loudness (EBU R128); absent for silence.
    pub loudness_lufs: Option<f64>,
    /// `ends`, `fades` or `cut off`; absent if that is not known.
    pub ending: Option<String>,
    /// Start of the ending; absent if that is not known.
    pub ending_s: Option<f64>,
}

impl TrackTimeline {
    /// Reads a track from the catalog.
    ///
    /// # Errors
    /// `track_not_found`, and those of the catalog.
    pub(crate) fn of(library: &Library, id: &str) -> Result<TrackTimeline, Fault> {
        let track = library.track(id)?;
        let (details, _) = library.details(id)?;
        let facts = &track.facts;
        let beats = details.beats.unwrap_or_default();
        let curves = &details.curves;
        let peaks = if curves.peaks_fine.values.is_empty() {
            &curves.peaks
        } else {
            &curves.peaks_fine
        };
        Ok(TrackTimeline {
            track_id: track.id.clone(),
            duration_s: facts.duration_s,
            bpm: facts.tempo.as_ref().map(|tempo| f64::from(tempo.bpm)),
            beats_s: beats.times_s.iter().map(|&t| rounded(t, 4)).collect(),
            downbeats: beats.downbeats,
            per_bar: beats.per_bar,
            peaks: Curve {
                rate_hz: f64::from(peaks.rate_hz),
                values: peaks.values.iter().map(|&v| f64::from(v)).collect(),
            },
            loudness_lufs: facts.loudness.integrated_lufs,
            ending: facts
                .form
                .ending_s
                .map(|_| facts.form.ending.as_str().to_owned()),
            ending_s: facts.form.ending_s,
        })
    }
}
