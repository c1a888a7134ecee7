//! The JSON document of `look`.

use needledrop_ranking::{Cut, Pulse};
use needledrop_timebase::FrameRate;
use serde::Serialize;

use crate::library::documents::{MoodDoc, RateDoc, rounded};

/// What a clip is like. Times are seconds of the clip.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Serialize)]
pub struct ClipReport {
    /// Length of the whole clip in seconds.
    pub duration_s: f64,
    /// In and out in seconds.
    pub range_s: [f64; 2],
    /// Frames a second; the mean where they come unevenly.
    pub fps: f64,
    /// Frame rate, as a fraction. Frames count at it, also where the clip's frames come unevenly: then it is the
    /// container's rate or the mean of the first seconds.
    pub rate: RateDoc,
    /// The range in frames, 0 being the clip's first: its first frame and the one after its last.
    #[cfg_attr(feature = "ts", ts(type = "[number, number]"))]
    pub range_frames: [i64; 2],
    /// Timecode of the clip's first frame, such as `01:00:00:00`, with `;` before the frames for drop frame; `null`
    /// where camera or recorder wrote none.
    pub start_timecode: Option<String>,
    /// Shot boundaries in time order.
    pub cuts: Vec<CutDoc>,
    /// The tempo that cuts and motion follow.
    pub tempo: PulseDoc,
    /// All that moves, picture widths a second.
    pub motion: StepCurveDoc,
    /// What of it the camera does.
    pub camera: StepCurveDoc,
    /// Lightness, 0 to 1.
    pub brightness: StepCurveDoc,
    /// Deviation of lightness over the picture, 0 to 1.
    pub contrast: StepCurveDoc,
    /// HSV saturation, 0 to 1.
    pub saturation: StepCurveDoc,
    /// Above 0 warm, below 0 cold, about -1 to 1.
    pub warmth: StepCurveDoc,
    /// How much is going on, 0 to 1: motion and the pace of the cuts.
    pub arc: StepCurveDoc,
    /// Where something hits, turns or stops.
    pub hits: Vec<HitDoc>,
    /// Cuts and hits that lie on the tempo; empty without one.
    pub beats_s: Vec<f64>,
    /// Shares of the four moods.
    pub mood: MoodDoc,
    /// The mood in two letters, such as `HC`: the strongest and what it leans to.
    pub mood_label: String,
    /// Unpleasant -1 to 1 pleasant.
    pub valence: f64,
    /// Calm -1 to 1 excited.
    pub arousal: f64,
    /// `major`, `minor`, or `null` where the picture suggests neither.
    pub mode: Option<&'static str>,
    /// Where somebody speaks; `null` where there is no sound to tell.
    pub speech_s: Option<Vec<[f64; 2]>>,
    /// Whether there is music in the clip already; `null` where there is no sound.
    pub music_present: Option<bool>,
    /// The outline of the clip's sound from the in-point on; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound_peaks: Option<PeaksDoc>,
    /// Integrated loudness of the clip's sound, LUFS.
    pub loudness_lufs: Option<f64>,
    /// Part of the range was missing or damaged; the rest was used.
    pub corrupt: bool,
    /// Where the time went.
    pub timings_ms: ClipReportTimings,
    /// What the user should be told beside the answer; not part of the document.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

/// A shot boundary.
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
    /// How clear it is, 0 to 1.
    pub score: f64,
    /// First and last moment of a fade or dissolve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span_s: Option<[f64; 2]>,
}

/// A moment that hits.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HitDoc {
    /// When.
    pub time_s: f64,
    /// How hard, 0 to 1.
    pub strength: f64,
}

/// Absolute peaks of a sound.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeaksDoc {
    /// Peaks a second.
    pub rate_hz: u32,
    /// The loudest sample of each span, 0 to 1.
    pub values: Vec<f64>,
}

/// A tempo with its other readings.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PulseDoc {
    /// Beats per minute; `null` where there is nothing to read.
    pub bpm: Option<f64>,
    /// 0 to 1; below 0.3 there is no pulse worth the name.
    pub confidence: f64,
    /// The readings, best first.
    pub candidates: Vec<TempoCandidateDoc>,
}

/// One candidate tempo.
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

/// Values at even steps from the in-point.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepCurveDoc {
    /// Seconds from one value to the next.
    pub step_s: f64,
    /// The values.
    pub values: Vec<f64>,
}

/// Where the time went, in milliseconds.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ClipReportTimings {
    /// What is in the picture: frames and embedding.
    pub show: f64,
    /// What moves and sounds; a few milliseconds where it was kept from the last time.
    pub watch: f64,
    /// All of it.
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

/// Values at even steps: the mean of what lies in a step, else what was last.
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
    fn uneven_values_become_even_ones() {
        let values = [(10.0, 1.0), (10.05, 3.0), (10.31, 5.0)];
        let curve = even(10.0, 10.5, 0.1, values.into_iter());
        assert_eq!(curve.values, [2.0, 2.0, 2.0, 5.0, 5.0]);
        assert_eq!(even(0.0, 0.0, 0.1, std::iter::empty()).values, [0.0]);
    }
}
