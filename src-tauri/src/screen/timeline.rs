//! What the timeline draws.

use needledrop_engine::clip::report::{ClipReport, StepCurveDoc};
use serde::Serialize;

use super::rounded;

/// Values at an even rate.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Curve {
    /// Values a second.
    pub rate_hz: f64,
    /// The values.
    pub values: Vec<f64>,
}

impl Curve {
    fn of(curve: &StepCurveDoc) -> Self {
        Self {
            rate_hz: rounded(1.0 / curve.step_s.max(1e-3), 3),
            values: curve.values.clone(),
        }
    }
}

impl Curve {
    /// The same curve with its highest value at 1; one of nothing stays.
    fn full(mut self) -> Self {
        let highest = self.values.iter().copied().fold(0.0, f64::max);
        if highest > 0.0 {
            for value in &mut self.values {
                *value = rounded(*value / highest, 4);
            }
        }
        self
    }
}

/// What the clip does in time.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Look {
    /// In and out of what was watched.
    pub range_s: [f64; 2],
    /// Shot boundaries.
    pub cuts: Vec<CutMark>,
    /// Moments that hit.
    pub hits: Vec<HitMark>,
    /// The picture's own pulse.
    pub tempo: Pulse,
    /// How much moves, 0 to 1 where it moves most.
    pub motion: Curve,
    /// Where somebody speaks.
    pub speech_s: Vec<[f64; 2]>,
    /// Absolute peaks of its sound, 0 to 255; nothing without sound.
    pub sound: Option<Curve>,
}

/// A shot boundary.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CutMark {
    /// When.
    pub time_s: f64,
    /// `cut`, `fade` or `dissolve`.
    #[cfg_attr(test, ts(type = "'cut' | 'fade' | 'dissolve'"))]
    pub kind: String,
    /// How clear it is, 0 to 1.
    pub score: f64,
}

/// A moment that hits.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HitMark {
    /// When.
    pub time_s: f64,
    /// How hard, 0 to 1.
    pub strength: f64,
}

/// A tempo and how sure it is.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Pulse {
    /// Beats per minute.
    pub bpm: Option<f64>,
    /// 0 to 1.
    pub confidence: f64,
}

impl From<&ClipReport> for Look {
    fn from(report: &ClipReport) -> Self {
        Self {
            range_s: report.range_s,
            cuts: report
                .cuts
                .iter()
                .map(|cut| CutMark {
                    time_s: cut.time_s,
                    kind: cut.kind.to_owned(),
                    score: cut.score,
                })
                .collect(),
            hits: report
                .hits
                .iter()
                .map(|hit| HitMark {
                    time_s: hit.time_s,
                    strength: hit.strength,
                })
                .collect(),
            tempo: Pulse {
                bpm: report.tempo.bpm,
                confidence: report.tempo.confidence,
            },
            motion: Curve::of(&report.motion).full(),
            speech_s: report.speech_s.clone().unwrap_or_default(),
            sound: report.sound_peaks.as_ref().map(|peaks| Curve {
                rate_hz: f64::from(peaks.rate_hz),
                values: peaks.values.iter().map(|v| (v * 255.0).round()).collect(),
            }),
        }
    }
}

/// Everything the timeline draws of a track. Times are seconds of the track.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrackSheet {
    /// The track.
    pub track_id: String,
    /// Length.
    pub duration_s: f64,
    /// Beats per minute.
    pub bpm: Option<f64>,
    /// Beats.
    pub beats_s: Vec<f64>,
    /// Which of them begin a bar.
    pub downbeats: Vec<u32>,
    /// Beats in a bar; 0 where that is not known.
    pub per_bar: u8,
    /// Absolute peaks, 0 to 255.
    pub peaks: Curve,
    /// Integrated loudness.
    pub loudness_lufs: Option<f64>,
    /// `ends`, `fades` or `cut off`, where that is known.
    pub ending: Option<String>,
    /// Where its ending begins.
    pub ending_s: Option<f64>,
}
