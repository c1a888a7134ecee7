//! `needledrop match`: a clip in, explained rows out.
//!
//! Three things run side by side: the clip is decoded, its frames are embedded, and the catalog
//! is opened and its index loaded. Then the clip vector is projected into the audio space,
//! blended with the brief's words where there are any, and the nearest tracks are ranked.

use std::path::PathBuf;
use std::time::Instant;
use std::{panic, thread};

use needledrop_media::Sampling;
use needledrop_models::Pack;
use needledrop_ranking::{Brief, Key, PulseTempo, TagWish, Weights, rank};
use needledrop_vision::Projector;

use crate::documents::{CatalogDoc, TrackDoc, rounded};
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::mood::mode_of;
use crate::packs;
use crate::picture::{self, Looked};
use crate::places::Places;
use crate::texts::{MusicText, blend};
use crate::tracks;

mod offer;
mod report;

use offer::Offer;
pub use report::{BriefDoc, ClipDoc, MatchReport, ResultDoc, ScoresDoc, TimingsDoc};

/// Share of the brief's words in the query; the rest is the picture's.
const TEXT_SHARE: f32 = 0.5;

/// What is asked.
#[derive(Clone, Debug)]
pub struct MatchRequest {
    /// Video file.
    pub clip: PathBuf,
    /// In and out in seconds; the whole clip where absent.
    pub range_s: Option<(f64, f64)>,
    /// What the music should be, in words.
    pub brief: Option<String>,
    /// A track of the catalog whose key the choice should follow; it is not offered itself.
    pub reference: Option<String>,
    /// Tempo wanted.
    pub bpm_range: Option<(f32, f32)>,
    /// Key wanted.
    pub key: Option<Key>,
    /// Tags wanted and unwanted.
    pub tags: Vec<TagWish>,
    /// Folder of the catalog.
    pub catalog: PathBuf,
    /// Model pack, by name or folder.
    pub pack: String,
    /// How frames are sampled.
    pub sampling: Sampling,
    /// How many rows.
    pub top: usize,
    /// Weights of the four terms.
    pub weights: Weights,
}

impl MatchRequest {
    /// A whole clip against a catalog with the default pack: thirty rows, nothing else asked for.
    pub fn new(clip: PathBuf, catalog: PathBuf) -> Self {
        Self {
            clip,
            range_s: None,
            brief: None,
            reference: None,
            bpm_range: None,
            key: None,
            tags: Vec::new(),
            catalog,
            pack: "embedded".to_owned(),
            sampling: Sampling::Fast,
            top: 30,
            weights: Weights::default(),
        }
    }
}

/// Finds the tracks of a catalog that fit a clip.
///
/// # Errors
/// Every [`EngineError`] of a clip, a pack or a catalog that cannot be used, and
/// [`EngineError::TrackNotFound`] for the reference.
pub fn match_clip(
    places: &Places,
    request: &MatchRequest,
    job: &Job<'_>,
) -> Result<Outcome<MatchReport>, EngineError> {
    let started = Instant::now();
    let pack = packs::open(places, &request.pack)?;
    let catalog = tracks::open(&request.catalog, Some(&pack))?;
    // Whatever else is wrong with the catalog stops the decoding too.
    let inner = job.child();
    let (looked, seen, projected, projected_at, words, offer) = thread::scope(|scope| {
        let offer = scope.spawn(|| {
            Offer::open(places, &pack, catalog, request).inspect_err(|_| inner.cancel().cancel())
        });
        let pack = &pack;
        let words = request
            .brief
            .as_deref()
            .map(|text| scope.spawn(move || words(pack, text)));
        let looked = picture::look(
            pack,
            &request.clip,
            request.range_s,
            request.sampling,
            &inner,
        );
        let seen = Instant::now();
        let projected = match &looked {
            Ok(Some(looked)) => project(pack, looked),
            _ => Ok(Vec::new()),
        };
        let projected_at = Instant::now();
        let words = words.map(|w| w.join().unwrap_or_else(|p| panic::resume_unwind(p)));
        let offer = offer.join().unwrap_or_else(|p| panic::resume_unwind(p));
        (looked, seen, projected, projected_at, words, offer)
    });
    let (looked, offer) = (looked?, offer?);
    let Some(looked) = looked else {
        return Ok(Outcome::Cancelled(None));
    };
    let (projected, words) = (projected?, words.transpose()?);

    let query = words
        .as_ref()
        .map_or_else(|| projected.clone(), |w| blend(&projected, w, TEXT_SHARE));
    let candidates = offer.candidates(&query, words.as_deref(), request)?;
    let searched = Instant::now();

    let brief = brief(request, &offer, &projected);
    let ranked = rank(&brief, &candidates.list, &request.weights, request.top);
    let results = ranked
        .iter()
        .map(|row| {
            let track = &candidates.tracks[&row.candidate.id];
            let start_s = offer.best_start(track, &query)?;
            Ok(ResultDoc::new(
                row,
                TrackDoc::new(track, start_s),
                &request.weights,
            ))
        })
        .collect::<Result<Vec<_>, EngineError>>()?;
    let ended = Instant::now();

    let ms = |from: Instant, to: Instant| (to - from).as_secs_f64() * 1000.0;
    let sample = looked.waited.as_secs_f64() * 1000.0;
    let timings_ms = TimingsDoc::new(
        sample,
        (ms(started, seen) - sample).max(0.0),
        ms(seen, projected_at),
        ms(projected_at, searched),
        ms(searched, ended),
    );
    let confidence = rounded(offer.confidence(&query, &candidates), 3);
    Ok(Outcome::Completed(MatchReport {
        clip: ClipDoc {
            path: request.clip.clone(),
            duration_s: rounded(looked.clip.duration_s, 3),
            range_s: [
                rounded(looked.strip.range_s.0, 3),
                rounded(looked.strip.range_s.1, 3),
            ],
            frames: looked.strip.sampled,
        },
        warnings: warnings(&pack, &looked),
        pack: pack.manifest.name,
        provider: looked.provider.used.as_str().to_owned(),
        catalog: CatalogDoc::from(offer.info()),
        brief: BriefDoc::from(&brief),
        confidence,
        timings_ms,
        results,
    }))
}

fn words(pack: &Pack, text: &str) -> Result<Vec<f32>, EngineError> {
    Ok(MusicText::open(pack, 1)?
        .embed(&[text])?
        .pop()
        .unwrap_or_default())
}

fn project(pack: &Pack, looked: &Looked) -> Result<Vec<f32>, EngineError> {
    let projector = Projector::load(&pack.file(&pack.manifest.projector.file)?)?;
    Ok(projector.project(&looked.vector)?)
}

/// What the music should be: what was asked for, and what the picture says where nothing was.
fn brief(request: &MatchRequest, offer: &Offer, projected: &[f32]) -> Brief {
    let mood = offer.mood(projected);
    let (mode, mode_confidence) = match request.key {
        Some(key) => (Some(key.mode()), 1.0),
        None => mode_of(mood.valence()),
    };
    let asked = request.bpm_range.map(|(low, high)| PulseTempo {
        bpm: f32::midpoint(low, high),
        confidence: 1.0,
    });
    Brief {
        tempo: asked,
        bpm_range: request.bpm_range,
        mode,
        mode_confidence,
        mood: Some(mood),
        tags: request.tags.clone(),
        key: request.key,
        reference_key: offer.reference_key(),
        text: request.brief.clone(),
        ..Brief::default()
    }
}

/// What the user should know beside the answer.
fn warnings(pack: &Pack, looked: &Looked) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(why) = &looked.provider.fallback {
        warnings.push(format!(
            "running on {}: {why}",
            looked.provider.used.as_str()
        ));
    }
    if looked.strip.corrupt {
        warnings.push("part of the range is missing or damaged; the rest was used".to_owned());
    }
    if pack.manifest.stand_in {
        tracing::info!(
            "pack {} is a stand-in: {}",
            pack.manifest.name,
            pack.manifest.title
        );
    }
    warnings
}
