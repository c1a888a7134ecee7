//! An embedded clip that is ranked for one brief after another.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use needledrop_media::{ClipInfo, Sampling, StripReport};
use needledrop_models::runtime::{Provider, ProviderChoice};
use needledrop_ranking::{Calibration, NO_GOOD_MATCH};
use needledrop_timebase::FrameRate;

use super::brief::MatchBrief;
use super::report::{BriefDoc, ClipDoc, MatchReport, TimingsDoc};
use super::shortlist::{PictureQuery, Shortlist};
use crate::clip::analysis::{self, ClipAnalysis, PictureRhythm};
use crate::clip::embed::{ClipEmbedding, embed_clip};
use crate::clip::encoder::ClipEncoder;
use crate::clip::notes;
use crate::clip::report::{self, ClipReport};
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::library::documents::{CatalogDoc, range_frames, rounded};
use crate::library::open::Library;
use crate::places::Places;

/// The frames of a clip that are embedded.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipSelection {
    /// The video file to embed.
    pub clip: PathBuf,
    /// In and out in seconds; the whole clip where absent.
    pub range_s: Option<(f64, f64)>,
    /// How frames are sampled.
    pub sampling: Sampling,
    /// Largest number of frames to embed, evenly spaced, one a second: [`needledrop_media::MAX_FRAMES`]
    /// for all of them, fewer for a quick first answer.
    pub max_frames: usize,
}

/// An embedded clip with its latest shortlist, ready for one brief after another.
pub struct ClipMatch {
    selection: ClipSelection,
    clip: ClipDoc,
    rate: FrameRate,
    pack: String,
    provider: String,
    picture: PictureQuery,
    analysis: Option<(ClipAnalysis, f32)>,
    /// End of embedding; taken by the first rows.
    read_at: Option<Instant>,
    timings: TimingsDoc,
    warnings: Vec<String>,
    /// The warnings say that the range is damaged.
    is_damaged: bool,
    shortlist: Option<Shortlist>,
}

/// The analysis that a match still needs; it takes seconds, and needs only the clip.
#[derive(Clone, Debug)]
pub struct AnalysisTask(ClipSelection);

/// The analysis of a clip's cuts, motion and sound.
pub struct Analysed(ClipAnalysis);

impl Analysed {
    /// The analysis of a range in which nothing happens: no cut, no motion, no sound.
    pub fn still(info: &ClipInfo, range_s: (f64, f64)) -> Analysed {
        Analysed(ClipAnalysis::still(info.clone(), range_s))
    }
}

impl AnalysisTask {
    /// The clip and range to analyse.
    pub fn selection(&self) -> &ClipSelection {
        &self.0
    }

    /// Analyses the range, or reads its cached analysis.
    ///
    /// # Errors
    /// [`EngineError::Media`].
    pub fn run(&self, places: &Places, job: &Job<'_>) -> Result<Outcome<Analysed>, EngineError> {
        let ClipSelection { clip, range_s, .. } = &self.0;
        Ok(match analysis::analyse_clip(places, clip, *range_s, job)? {
            Some(analysis) => Outcome::Completed(Analysed(analysis)),
            None => Outcome::Cancelled(None),
        })
    }
}

impl ClipMatch {
    /// Embeds a range of a clip, one frame per second, and projects it into the audio space.
    ///
    /// # Errors
    /// [`EngineError::Media`] for the clip, [`EngineError::Model`] and [`EngineError::Vision`] for the pack.
    pub fn embed(
        encoder: &mut ClipEncoder,
        selection: &ClipSelection,
        job: &Job<'_>,
    ) -> Result<Outcome<ClipMatch>, EngineError> {
        let started = Instant::now();
        let ClipSelection {
            clip,
            range_s,
            sampling,
            max_frames,
        } = selection;
        let Some(embedding) = embed_clip(encoder, clip, *range_s, *sampling, *max_frames, job)?
        else {
            return Ok(Outcome::Cancelled(None));
        };
        let read = Self::of_embedding(encoder, selection, &embedding, started)?;
        Ok(Outcome::Completed(read))
    }

    /// A match of a clip vector that another encoder made, in the visual space of the encoder's pack.
    ///
    /// # Errors
    /// [`EngineError::Model`] and [`EngineError::Vision`] for the pack or a vector of another size.
    pub fn of_vector(
        encoder: &mut ClipEncoder,
        selection: &ClipSelection,
        info: &ClipInfo,
        vector: Vec<f32>,
    ) -> Result<ClipMatch, EngineError> {
        let range_s = selection.range_s.unwrap_or((0.0, info.duration_s));
        let seconds = (range_s.1 - range_s.0).max(1.0) as usize;
        let frames = seconds.min(selection.max_frames);
        let embedding = ClipEmbedding {
            clip: info.clone(),
            strip: StripReport {
                range_s,
                sampled: frames,
                decoded: frames,
                corrupt: false,
                damaged_from_s: None,
            },
            times_s: (0..frames).map(|at| range_s.0 + at as f64).collect(),
            vector,
            provider: ProviderChoice {
                used: Provider::Cpu,
                fallback: None,
            },
            waited: Duration::ZERO,
        };
        Self::of_embedding(encoder, selection, &embedding, Instant::now())
    }

    fn of_embedding(
        encoder: &mut ClipEncoder,
        selection: &ClipSelection,
        embedding: &ClipEmbedding,
        started: Instant,
    ) -> Result<ClipMatch, EngineError> {
        let embedded_at = Instant::now();
        let projection = encoder.projection()?;
        let projected = projection.projector.project(&embedding.vector)?;
        let scale = projection.scale.clone();
        let shown = projection.shown(&embedding.vector);
        let read_at = Instant::now();
        let sample = millis(embedding.waited);
        let timings = TimingsDoc::embedded(
            sample,
            (millis(embedded_at - started) - sample).max(0.0),
            millis(read_at - embedded_at),
        );
        let manifest = &encoder.pack().manifest;
        let choices = manifest.projector.choices.map(|known| Calibration {
            slope: known.slope,
            centre: known.centre,
            spread: known.spread,
        });
        let ClipInfo {
            rate,
            start_timecode,
            duration_s,
            ..
        } = embedding.clip;
        Ok(ClipMatch {
            selection: selection.clone(),
            clip: ClipDoc {
                file: selection.clip.as_path().into(),
                duration_s: rounded(duration_s, 3),
                range_s: [
                    rounded(embedding.strip.range_s.0, 3),
                    rounded(embedding.strip.range_s.1, 3),
                ],
                rate: rate.into(),
                range_frames: range_frames(rate, embedding.strip.range_s),
                start_timecode: start_timecode.map(|start| start.to_string()),
                frames: embedding.strip.sampled,
            },
            rate,
            pack: manifest.name.clone(),
            provider: embedding.provider.used.as_str().to_owned(),
            warnings: warnings(embedding),
            is_damaged: embedding.strip.corrupt,
            picture: PictureQuery {
                projected,
                scale,
                shown,
                choices,
                rhythm: None,
            },
            analysis: None,
            read_at: Some(read_at),
            timings,
            shortlist: None,
        })
    }

    /// Whether fewer frames than one per second were embedded.
    pub fn is_partial(&self) -> bool {
        let [from_s, to_s] = self.clip.range_s;
        self.clip.frames as f64 + 1.0 < to_s - from_s
    }

    /// The analysis of this clip, to run on another thread.
    pub fn analysis_task(&self) -> AnalysisTask {
        AnalysisTask(self.selection.clone())
    }

    /// Adds the analysis, which the next rows use.
    pub fn add_analysis(&mut self, Analysed(analysis): Analysed) {
        if let Some(why) = &analysis.cached.sound_error {
            let warning = format!("the clip's sound could not be read: {why}");
            self.warnings.push(warning);
        }
        if let Some(from_s) = analysis.cached.damaged_from_s
            && !self.is_damaged
        {
            self.is_damaged = true;
            self.warnings.extend(notes::damaged(&analysis.clip, from_s));
        }
        self.analysis = Some((analysis, f32::NAN));
        self.shortlist = None;
    }

    /// The tracks of a library for a brief, best first. Where only weights or the number of rows
    /// changed since the last call, the shortlist is ranked again, which takes a millisecond.
    ///
    /// # Errors
    /// [`EngineError::TrackNotFound`] for the reference, [`EngineError::Catalog`], [`EngineError::Model`].
    pub fn rows(
        &mut self,
        library: &mut Library,
        brief: &MatchBrief,
    ) -> Result<MatchReport, EngineError> {
        let asked_at = self.read_at.take().unwrap_or_else(Instant::now);
        self.read_rhythm(brief.sensitivity);
        let shortlist = match self.shortlist.take() {
            Some(shortlist) if shortlist.brief.same_search(brief) => shortlist,
            _ => Shortlist::find(library, &self.picture, brief)?,
        };
        let shortlist = self.shortlist.insert(shortlist);
        let searched = Instant::now();
        let [from_s, to_s] = self.clip.range_s;
        let results = shortlist.rows(library, brief, to_s - from_s, self.rate)?;
        self.timings
            .search(millis(searched - asked_at), millis(searched.elapsed()));
        let mut brief_doc = BriefDoc::from(&shortlist.ranking_brief);
        (brief_doc.wanted, brief_doc.unwanted) = shortlist.phrases.clone();
        brief_doc.words.clone_from(&shortlist.words);
        Ok(MatchReport {
            clip: self.clip.clone(),
            pack: self.pack.clone(),
            provider: self.provider.clone(),
            catalog: CatalogDoc::from(library.info()),
            brief: brief_doc,
            confidence: rounded(shortlist.confidence, 3),
            no_good_match: shortlist.confidence < NO_GOOD_MATCH,
            refined: self.picture.rhythm.is_some(),
            timings_ms: self.timings,
            candidates: shortlist.candidates.len(),
            results,
            warnings: self.warnings.clone(),
        })
    }

    /// The report on the clip at a cut sensitivity; `None` before the analysis was added.
    pub fn clip_report(&mut self, sensitivity: f32) -> Option<ClipReport> {
        self.read_rhythm(sensitivity);
        let (analysis, _) = self.analysis.as_ref()?;
        let rhythm = self.picture.rhythm.as_ref()?;
        Some(report::document(analysis, rhythm, &self.picture.mood()))
    }

    fn read_rhythm(&mut self, sensitivity: f32) {
        if let Some((analysis, read_with)) = &mut self.analysis
            && *read_with != sensitivity
        {
            self.picture.rhythm = Some(PictureRhythm::of(&analysis.cached, sensitivity));
            *read_with = sensitivity;
            self.shortlist = None;
        }
    }
}

/// Messages for the user about the embedding.
fn warnings(embedding: &ClipEmbedding) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(why) = &embedding.provider.fallback {
        warnings.push(format!(
            "running on {}: {why}",
            embedding.provider.used.as_str()
        ));
    }
    warnings.extend(notes::of_clip(&embedding.clip));
    if let Some(from_s) = embedding.strip.damaged_from_s {
        warnings.extend(notes::damaged(&embedding.clip, from_s));
    }
    warnings
}

pub(super) fn millis(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
