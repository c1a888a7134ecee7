//! A match that is kept: what was seen of a clip, asked with one wish after another.

use std::path::PathBuf;
use std::time::Instant;

use needledrop_media::Sampling;
use needledrop_ranking::{Calibration, NO_GOOD_MATCH};

use super::found::{Found, Sight};
use super::millis;
use super::report::{BriefDoc, ClipDoc, MatchReport, TimingsDoc};
use super::wish::Wish;
use crate::documents::{CatalogDoc, rounded};
use crate::error::EngineError;
use crate::eye::Eye;
use crate::job::{Job, Outcome};
use crate::library::Library;
use crate::look::{self, LookReport};
use crate::picture::{self, Looked};
use crate::places::Places;
use crate::seeing::{self, Reading, Seen};

/// Told where something of the range is not there.
const DAMAGED: &str = "part of the range is missing or damaged; the rest was used";

/// Which picture is matched.
#[derive(Clone, Debug, PartialEq)]
pub struct Looking {
    /// Video file.
    pub clip: PathBuf,
    /// In and out in seconds; the whole clip where absent.
    pub range_s: Option<(f64, f64)>,
    /// How frames are sampled.
    pub sampling: Sampling,
    /// Seconds of it that are looked at, at most, evenly spaced: [`needledrop_media::MAX_FRAMES`] for all
    /// of them, fewer for a glance.
    pub most: usize,
}

/// A clip that was looked at, and what was last found for it.
pub struct Matching {
    looking: Looking,
    clip: ClipDoc,
    pack: String,
    provider: String,
    sight: Sight,
    seen: Option<(Seen, f32)>,
    /// When the picture was read; until the first rows.
    read_at: Option<Instant>,
    timings: TimingsDoc,
    warnings: Vec<String>,
    found: Option<Found>,
}

/// The part of a match that takes seconds and needs nothing but the clip.
#[derive(Clone, Debug)]
pub struct Watching(Looking);

/// What watching and hearing a clip gave.
pub struct Watched(Seen);

impl Watching {
    /// Watches and hears the range, or reads what was kept of the last time.
    ///
    /// # Errors
    /// [`EngineError::Media`].
    pub fn run(&self, places: &Places, job: &Job<'_>) -> Result<Outcome<Watched>, EngineError> {
        let Looking { clip, range_s, .. } = &self.0;
        Ok(match seeing::see(places, clip, *range_s, job)? {
            Some(seen) => Outcome::Completed(Watched(seen)),
            None => Outcome::Cancelled(None),
        })
    }
}

impl Matching {
    /// Looks at a range of a clip, one picture a second, and maps it into the audio space.
    ///
    /// # Errors
    /// [`EngineError::Media`] for the clip, [`EngineError::Model`] and [`EngineError::Vision`] for the pack.
    pub fn look(
        eye: &mut Eye,
        looking: &Looking,
        job: &Job<'_>,
    ) -> Result<Outcome<Matching>, EngineError> {
        let started = Instant::now();
        let Looking {
            clip,
            range_s,
            sampling,
            most,
        } = looking;
        let Some(looked) = picture::look(eye, clip, *range_s, *sampling, *most, job)? else {
            return Ok(Outcome::Cancelled(None));
        };
        let seen_at = Instant::now();
        let sense = eye.sense()?;
        let projected = sense.projector.project(&looked.vector)?;
        let scale = sense.scale.clone();
        let read_at = Instant::now();
        let sample = millis(looked.waited);
        let timings = TimingsDoc::looked(
            sample,
            (millis(seen_at - started) - sample).max(0.0),
            millis(read_at - seen_at),
        );
        let manifest = &eye.pack().manifest;
        let choices = manifest.projector.choices.map(|known| Calibration {
            slope: known.slope,
            centre: known.centre,
            spread: known.spread,
        });
        Ok(Outcome::Completed(Matching {
            looking: looking.clone(),
            clip: ClipDoc {
                path: looking.clip.clone(),
                duration_s: rounded(looked.clip.duration_s, 3),
                range_s: [
                    rounded(looked.strip.range_s.0, 3),
                    rounded(looked.strip.range_s.1, 3),
                ],
                frames: looked.strip.sampled,
            },
            pack: manifest.name.clone(),
            provider: looked.provider.used.as_str().to_owned(),
            warnings: warnings(&looked),
            sight: Sight {
                projected,
                scale,
                choices,
                reading: None,
            },
            seen: None,
            read_at: Some(read_at),
            timings,
            found: None,
        }))
    }

    /// Whether seconds of the range were left out.
    pub fn is_glance(&self) -> bool {
        let [from_s, to_s] = self.clip.range_s;
        self.clip.frames as f64 + 1.0 < to_s - from_s
    }

    /// What is still to be watched, for another thread.
    pub fn watching(&self) -> Watching {
        Watching(self.looking.clone())
    }

    /// Takes what was watched; the next rows know it.
    pub fn take(&mut self, Watched(seen): Watched) {
        if let Some(why) = &seen.kept.unheard {
            let warning = format!("the clip's sound could not be read: {why}");
            self.warnings.push(warning);
        }
        if seen.kept.corrupt && self.warnings.iter().all(|w| w != DAMAGED) {
            self.warnings.push(DAMAGED.to_owned());
        }
        self.seen = Some((seen, f32::NAN));
        self.found = None;
    }

    /// The tracks of a library for a wish, best first. Where only weights or the number of rows
    /// changed since the last call, what was found is ranked again, which takes a millisecond.
    ///
    /// # Errors
    /// [`EngineError::TrackNotFound`] for the reference, [`EngineError::Catalog`], [`EngineError::Model`].
    pub fn rows(&mut self, library: &mut Library, wish: &Wish) -> Result<MatchReport, EngineError> {
        let asked_at = self.read_at.take().unwrap_or_else(Instant::now);
        self.read(wish.sensitivity);
        let found = match self.found.take() {
            Some(found) if found.wish.finds_as(wish) => found,
            _ => Found::find(library, &self.sight, wish)?,
        };
        let found = self.found.insert(found);
        let searched = Instant::now();
        let results = found.rows(library, wish)?;
        self.timings
            .search(millis(searched - asked_at), millis(searched.elapsed()));
        let mut brief = BriefDoc::from(&found.brief);
        (brief.wanted, brief.unwanted) = found.understood.clone();
        Ok(MatchReport {
            clip: self.clip.clone(),
            pack: self.pack.clone(),
            provider: self.provider.clone(),
            catalog: CatalogDoc::from(library.info()),
            brief,
            confidence: rounded(found.confidence, 3),
            no_good_match: found.confidence < NO_GOOD_MATCH,
            refined: self.sight.reading.is_some(),
            timings_ms: self.timings,
            candidates: found.candidates.list.len(),
            results,
            warnings: self.warnings.clone(),
        })
    }

    /// What the clip does in time, read at a sensitivity; nothing before it was watched.
    pub fn seen(&mut self, sensitivity: f32) -> Option<LookReport> {
        self.read(sensitivity);
        let (seen, _) = self.seen.as_ref()?;
        let reading = self.sight.reading.as_ref()?;
        Some(look::told(seen, reading, &self.sight.felt()))
    }

    fn read(&mut self, sensitivity: f32) {
        if let Some((seen, read_with)) = &mut self.seen
            && *read_with != sensitivity
        {
            self.sight.reading = Some(Reading::of(&seen.kept, sensitivity));
            *read_with = sensitivity;
            self.found = None;
        }
    }
}

/// What the user should know beside the answer.
fn warnings(looked: &Looked) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(why) = &looked.provider.fallback {
        warnings.push(format!(
            "running on {}: {why}",
            looked.provider.used.as_str()
        ));
    }
    if looked.strip.corrupt {
        warnings.push(DAMAGED.to_owned());
    }
    warnings
}
