//! The JSON document of `look`.

use needledrop_ranking::{Cut, Pulse};
use needledrop_timebase::FrameRate;
use serde::Serialize;

use crate::library::documents::{MoodDoc, RateDoc, rounded};

/// The report on a range of a clip. Times are seconds of the clip.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Serialize)]
pub struct ClipReport {
    /// Length of the whole clip in seconds.
    pub duration_s: f64,
    /// In and out in seconds.
    pub range_s: [f64; 2],
    /// Frames per second; the mean where they come unevenly.
    pub fps: f64,
    /// Frame rate, as a fraction. Frames count at it, also where the clip's frames come unevenly: then it is the mean
    /// of the first seconds.
    pub rate: RateDoc,
    /// Whether the frames come so unevenly that the rate is only their mean.
    pub uneven: bool,
    /// The range in frames, 0 being the clip's first: its first frame and the one after its last.
    #[cfg_attr(feature = "ts", ts(type = "[number, number]"))]
    pub range_frames: [i64; 2],
    /// Timecode of the clip's first frame, such as `01:00:00:00`, with `;` before the frames for drop frame; `null`
    /// where camera or recorder wrote none.
    pub start_timecode: Option<String>,
    /// Shot boundaries in time order.
    pub cuts: Vec<CutDoc>,
    /// Tempo of cuts and hits.
    pub tempo: PulseDoc,
    /// Speed of all motion, picture widths per second.
    pub motion: StepCurveDoc,
    /// Speed of the camera's motion, picture widths per second.
    pub camera: StepCurveDoc,
    /// Mean lightness, 0 to 1.
    pub brightness: StepCurveDoc,
    /// Standard deviation of lightness over the picture, 0 to 1.
    pub contrast: StepCurveDoc,
    /// Mean HSV saturation, 0 to 1.
    pub saturation: StepCurveDoc,
    /// Colour temperature from about -1 (cold) to 1 (warm).
    pub warmth: StepCurveDoc,
    /// Intensity from 0 to 1: half motion, half pace of the cuts.
    pub arc: StepCurveDoc,
    /// Moments of sudden motion: impacts, turns, stops.
    pub hits: Vec<HitDoc>,
    /// Cuts and hits that lie on the pulse; empty without a pulse.
    pub beats_s: Vec<f64>,
    /// Shares of the four moods.
    pub mood: MoodDoc,
    /// The strongest mood and its tendency in two letters, such as `HC` for happy and calm.
    pub mood_label: String,
    /// From -1 (unpleasant) to 1 (pleasant).
    pub valence: f64,
    /// From -1 (calm) to 1 (excited).
    pub arousal: f64,
    /// `major`, `minor`, or `null` for a picture that suggests neither.
    pub mode: Option<&'static str>,
    /// Stretches of speech; `null` for a clip without sound.
    pub speech_s: Option<Vec<[f64; 2]>>,
    /// Whether the clip's sound contains music; `null` for a clip without sound.
    pub music_present: Option<bool>,
    /// Peaks of the clip's sound from the in-point on; absent for a clip without sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound_peaks: Option<PeaksDoc>,
    /// Integrated loudness of the clip's sound, LUFS.
    pub loudness_lufs: Option<f64>,
    /// Part of the range was missing or damaged; the rest was used.
    pub corrupt: bool,
    /// Milliseconds of each step.
    pub timings_ms: ClipReportTimings,
    /// Messages for the user; not part of the document.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

/// The boundary between two shots.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CutDoc {
    /// First frame of the new shot; the middle of a fade or dissolve.
    pub time_s: f64,
    /// The frame nearest to `time_s`, counted at the clip's rate from its first frame, 0.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub frame: i64,
    /// `cut`, `fade` or `dissolve`.
    pub kind: &'static str,
    /// Clearness of the boundary, 0 to 1.
    pub score: f64,
    /// First and last moment of a fade or dissolve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span_s: Option<[f64; 2]>,
}

/// A moment of sudden motion.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HitDoc {
    /// Seconds of the clip.
    pub time_s: f64,
    /// Strength from 0 to 1.
    pub strength: f64,
}

/// Absolute peaks of a sound.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeaksDoc {
    /// Number of peaks per second.
    pub rate_hz: u32,
    /// Largest absolute sample of each span, 0 to 1.
    pub values: Vec<f64>,
}

/// A tempo and its candidates.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PulseDoc {
    /// Beats per minute; `null` for a clip without cuts and hits.
    pub bpm: Option<f64>,
    /// From 0 to 1; a pulse below 0.3 is too uncertain to use.
    pub confidence: f64,
    /// Possible tempi, best first.
    pub candidates: Vec<TempoCandidateDoc>,
}

/// One candidate for the tempo.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(
    missing_docs,
    reason = "beats per minute and a weight; weights add up to 1"
)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TempoCandidateDoc {
    pub bpm: f64,
    pub weight: f64,
}

/// Values at equal time steps from the in-point.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepCurveDoc {
    /// Seconds between two values.
    pub step_s: f64,
    /// In time order; the first one is at the in-point.
    pub values: Vec<f64>,
}

/// Milliseconds of each step.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ClipReportTimings {
    /// Decoding and embedding frames.
    pub show: f64,
    /// Analysing motion and sound; a few milliseconds where the analysis was cached.
    pub watch: f64,
    /// From request to report.
    pub total: f64,
}

impl CutDoc {
    /// The document of a cut in a clip of that frame rate.
    pub(super) fn new(cut: &Cut, rate: FrameRate) -> CutDoc {
        let (from, to) = cut.span_s;
        CutDoc {
            time_s: rounded(cut.time_s, 3),
            frame: rate.nearest_frame_s(cut.time_s).0,
            kind: cut.kind.as_str(),
            score: rounded(f64::from(cut.score), 3),
            span_s: (to > from).then(|| [rounded(from, 3), rounded(to, 3)]),
        }
    }
}

impl From<&Pulse> for PulseDoc {
    fn from(pulse: &Pulse) -> Self {
        PulseDoc {
            bpm: (pulse.bpm > 0.0).then(|| rounded(f64::from(pulse.bpm), 1)),
            confidence: rounded(f64::from(pulse.confidence), 3),
            candidates: pulse
                .candidates
                .iter()
                .map(|&(bpm, weight)| TempoCandidateDoc {
                    bpm: rounded(f64::from(bpm), 1),
                    weight: rounded(f64::from(weight), 3),
                })
                .collect(),
        }
    }
}

/// Values at equal steps: the mean of the values in a step, or the previous value for a step without any.
pub(super) fn even(
    from_s: f64,
    to_s: f64,
    step_s: f64,
    values: impl Iterator<Item = (f64, f32)>,
) -> StepCurveDoc {
    let count = (((to_s - from_s) / step_s).ceil() as usize).max(1);
    let mut sums = vec![(0.0, 0_u32); count];
    for (time_s, value) in values {
        let at = ((time_s - from_s) / step_s + 1e-6).max(0.0) as usize;
        if let Some(sum) = sums.get_mut(at) {
            sum.0 += f64::from(value);
            sum.1 += 1;
        }
    }
    let mut last = 0.0;
    let values = sums
        .into_iter()
        .map(|(sum, n)| {
            if n > 0 {
                last = sum / f64::from(n);
            }
            rounded(last, 4)
        })
        .collect();
    StepCurveDoc { step_s, values }
}

#[cfg(test)]
mod tests {
    use needledrop_timebase::Frames;

    use super::*;

    fn frame_of(time_s: f64, rate: FrameRate) -> (f64, i64) {
        let span_s = (time_s, time_s);
        let cut = CutDoc::new(
            &Cut {
                time_s,
                span_s,
                ..Cut::default()
            },
            rate,
        );
        (cut.time_s, cut.frame)
    }

    #[test]
    fn a_cut_names_its_frame_at_a_fractional_rate() {
        for (rate, frame, time_s) in [
            (FrameRate::FPS_23_976, 0, 0.0),
            (FrameRate::FPS_23_976, 1, 0.042),
            (FrameRate::FPS_23_976, 1678, 69.987),
            (FrameRate::FPS_23_976, 172_627, 7199.984),
            (FrameRate::FPS_29_97, 1, 0.033),
            (FrameRate::FPS_29_97, 1798, 59.993),
            (FrameRate::FPS_29_97, 215_784, 7199.993),
        ] {
            let start_s = rate.start_s(Frames(frame));
            assert_eq!(frame_of(start_s, rate), (time_s, frame), "{rate}");
        }
    }

    #[test]
    fn a_frame_is_counted_before_seconds_are_rounded() {
        // The middles of dissolves just beside half a frame; their rounded seconds lie on the other side of it.
        assert_eq!(frame_of(0.3504, FrameRate::FPS_29_97), (0.35, 11));
        assert_eq!(frame_of(0.4379, FrameRate::FPS_23_976), (0.438, 10));
    }

    #[test]
    fn uneven_times_become_equal_steps() {
        let values = [(10.0, 1.0), (10.05, 3.0), (10.31, 5.0)];
        let curve = even(10.0, 10.5, 0.1, values.into_iter());
        assert_eq!(curve.values, [2.0, 2.0, 2.0, 5.0, 5.0]);
        assert_eq!(even(0.0, 0.0, 0.1, std::iter::empty()).values, [0.0]);
    }
}
