//! `needledrop look`: what is in a clip, what moves in it, what it asks of the music.

use std::path::PathBuf;
use std::time::Instant;

use needledrop_media::{MAX_FRAMES, Sampling};
use needledrop_ranking::Mode;
use needledrop_vision::DEFAULT_SENSITIVITY;
use serde::Serialize;

use crate::clip::analysis::{self, ClipAnalysis, PictureRhythm};
use crate::clip::embed;
use crate::clip::encoder::ClipEncoder;
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::library::documents::{MoodDoc, rounded};
use crate::music::mood::{self, PictureMood};
use crate::places::Places;

/// What is asked.
#[derive(Clone, Debug)]
pub struct ClipReportRequest {
    /// Video file.
    pub clip: PathBuf,
    /// In and out in seconds; the whole clip where absent.
    pub range_s: Option<(f64, f64)>,
    /// How readily a change of the picture is called a cut, 0 to 1.
    pub sensitivity: f32,
    /// Model pack, by name or folder.
    pub pack: String,
}

impl ClipReportRequest {
    /// A whole clip with the default pack.
    pub fn new(clip: PathBuf) -> ClipReportRequest {
        ClipReportRequest {
            clip,
            range_s: None,
            sensitivity: DEFAULT_SENSITIVITY,
            pack: "embedded".to_owned(),
        }
    }
}

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

/// Looks at a clip.
///
/// # Errors
/// Every [`EngineError`] of a clip or a pack that cannot be used.
pub fn clip_report(
    places: &Places,
    request: &ClipReportRequest,
    job: &Job<'_>,
) -> Result<Outcome<ClipReport>, EngineError> {
    let started = Instant::now();
    let mut encoder = ClipEncoder::new(places, &request.pack, None)?;
    let range_s = request.range_s;
    let embedding = embed::embed_clip(
        &mut encoder,
        &request.clip,
        range_s,
        Sampling::Fast,
        MAX_FRAMES,
        job,
    )?;
    let Some(embedding) = embedding else {
        return Ok(Outcome::Cancelled(None));
    };
    let projection = encoder.projection()?;
    let projected = projection.projector.project(&embedding.vector)?;
    let shown = Instant::now();
    let Some(analysis) = analysis::analyse_clip(places, &request.clip, range_s, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    let rhythm = PictureRhythm::of(&analysis.cached, request.sensitivity);
    let mood = mood::of_picture(&projection.scale, &projected, rhythm.feeling);
    let ended = Instant::now();
    let ms = |from: Instant, to: Instant| rounded((to - from).as_secs_f64() * 1000.0, 1);
    let timings_ms = ClipReportTimings {
        show: ms(started, shown),
        watch: ms(shown, ended),
        total: ms(started, ended),
    };
    let mut report = ClipReport {
        timings_ms,
        ..document(&analysis, &rhythm, &mood)
    };
    if embedding.strip.corrupt || report.corrupt {
        report.corrupt = true;
        let damaged = "part of the range is missing or damaged; the rest was used";
        report.warnings.push(damaged.to_owned());
    }
    Ok(Outcome::Completed(report))
}

/// The document of what was seen; it took no time to look.
pub(crate) fn document(
    analysis: &ClipAnalysis,
    rhythm: &PictureRhythm,
    mood: &PictureMood,
) -> ClipReport {
    let (clip, cached) = (&analysis.clip, &analysis.cached);
    let (from_s, to_s) = cached.range_s;
    let moments = &rhythm.moments;
    let moved = |of: fn(&needledrop_vision::MotionSample) -> f32| {
        even(from_s, to_s, 0.1, moments.iter().map(|m| (m.time_s, of(m))))
    };
    let light = &cached.moving.light;
    let lit = |of: fn(&needledrop_vision::Light) -> f32| {
        even(from_s, to_s, 0.5, light.iter().map(|l| (l.time_s, of(l))))
    };
    let edit = &rhythm.edit;
    let sound = cached.sound.as_ref();
    ClipReport {
        duration_s: rounded(clip.duration_s, 3),
        range_s: [rounded(from_s, 3), rounded(to_s, 3)],
        fps: rounded(clip.rate.fps(), 3),
        cuts: edit.cuts.iter().map(cut).collect(),
        tempo: PulseDoc::from(&rhythm.pulse),
        motion: moved(needledrop_vision::MotionSample::energy),
        camera: moved(needledrop_vision::MotionSample::camera),
        brightness: lit(|l| l.brightness),
        contrast: lit(|l| l.contrast),
        saturation: lit(|l| l.saturation),
        warmth: lit(|l| l.warmth),
        arc: StepCurveDoc {
            step_s: 1.0 / f64::from(edit.arc.rate_hz.max(0.1)),
            values: edit
                .arc
                .values
                .iter()
                .map(|&v| rounded(f64::from(v) / 255.0, 3))
                .collect(),
        },
        hits: edit
            .hits
            .iter()
            .map(|hit| HitDoc {
                time_s: rounded(hit.time_s, 3),
                strength: rounded(f64::from(hit.strength), 3),
            })
            .collect(),
        beats_s: rhythm.beats_s.iter().map(|&t| rounded(t, 3)).collect(),
        mood: MoodDoc::from(&mood.mood),
        mood_label: mood::two_letters(&mood.mood),
        valence: rounded(f64::from(mood.valence), 3),
        arousal: rounded(f64::from(mood.arousal), 3),
        mode: mood::mode_of(mood.valence).0.map(Mode::as_str),
        speech_s: sound.map(|h| {
            let each = h.speech_s.iter();
            each.map(|&(a, b)| [rounded(a, 2), rounded(b, 2)]).collect()
        }),
        music_present: sound.map(|h| h.music_present),
        sound_peaks: sound.map(|h| PeaksDoc {
            rate_hz: analysis::PEAKS_HZ,
            values: h
                .peaks
                .iter()
                .map(|&peak| rounded(f64::from(peak) / 255.0, 3))
                .collect(),
        }),
        loudness_lufs: sound.and_then(|h| h.loudness_lufs).map(|l| rounded(l, 1)),
        corrupt: cached.corrupt,
        timings_ms: ClipReportTimings::default(),
        warnings: cached
            .sound_error
            .iter()
            .map(|why| format!("the clip's sound could not be read: {why}"))
            .collect(),
    }
}

fn cut(cut: &needledrop_ranking::Cut) -> CutDoc {
    let (from, to) = cut.span_s;
    CutDoc {
        time_s: rounded(cut.time_s, 3),
        kind: cut.kind.as_str(),
        score: rounded(f64::from(cut.score), 3),
        span_s: (to > from).then(|| [rounded(from, 3), rounded(to, 3)]),
    }
}

impl From<&needledrop_ranking::Pulse> for PulseDoc {
    fn from(pulse: &needledrop_ranking::Pulse) -> Self {
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
fn even(
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
    use super::*;

    #[test]
    fn uneven_values_become_even_ones() {
        let values = [(10.0, 1.0), (10.05, 3.0), (10.31, 5.0)];
        let curve = even(10.0, 10.5, 0.1, values.into_iter());
        assert_eq!(curve.values, [2.0, 2.0, 2.0, 5.0, 5.0]);
        assert_eq!(even(0.0, 0.0, 0.1, std::iter::empty()).values, [0.0]);
    }
}
