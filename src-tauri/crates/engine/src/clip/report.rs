//! `needledrop look`: cuts, motion, pulse, light, mood and sound of a clip.

use std::path::PathBuf;
use std::time::Instant;

use needledrop_media::{MAX_FRAMES, Sampling};
use needledrop_ranking::Mode;
use needledrop_vision::DEFAULT_SENSITIVITY;

use crate::clip::analysis::{self, ClipAnalysis, PictureRhythm};
use crate::clip::embed;
use crate::clip::encoder::ClipEncoder;
use crate::clip::notes;
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::library::documents::{MoodDoc, range_frames, rounded};
use crate::music::mood::{self, PictureMood};
use crate::places::Places;

mod documents;

use documents::even;
pub use documents::{
    ClipReport, ClipReportTimings, CutDoc, HitDoc, PeaksDoc, PulseDoc, StepCurveDoc,
    TempoCandidateDoc,
};

/// The clip to report on.
#[derive(Clone, Debug)]
pub struct ClipReportRequest {
    /// The video file to analyse.
    pub clip: PathBuf,
    /// In and out in seconds; the whole clip where absent.
    pub range_s: Option<(f64, f64)>,
    /// Cut sensitivity from 0 (clear cuts only) to 1.
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

/// Embeds and analyses a clip.
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
    let mood = projection.mood(&embedding.vector, &projected, rhythm.feeling);
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
    let damaged = [
        embedding.strip.damaged_from_s,
        analysis.cached.damaged_from_s,
    ];
    if let Some(from_s) = damaged.into_iter().flatten().reduce(f64::min) {
        report.corrupt = true;
        report
            .warnings
            .extend(notes::damaged(&analysis.clip, from_s));
    }
    Ok(Outcome::Completed(report))
}

/// The report on an analysed clip; its timings are 0.
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
        rate: clip.rate.into(),
        uneven: clip.is_uneven(),
        range_frames: range_frames(clip.rate, cached.range_s),
        start_timecode: clip.start_timecode.map(|start| start.to_string()),
        cuts: edit
            .cuts
            .iter()
            .map(|each| CutDoc::new(each, clip.rate))
            .collect(),
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
        corrupt: cached.damaged_from_s.is_some(),
        timings_ms: ClipReportTimings::default(),
        warnings: notes::of_clip(clip)
            .chain(
                cached
                    .sound_error
                    .iter()
                    .map(|why| format!("the clip's sound could not be read: {why}")),
            )
            .collect(),
    }
}
