//! `needledrop match`: a clip in, explained rows out, twice.
//!
//! First by what the picture shows. Three things run side by side: the clip's frames are decoded, they
//! are embedded, and the catalog is opened and its index loaded. Then the clip vector is projected into
//! the audio space, drawn towards a reference and the brief's words, and the nearest tracks are ranked.
//! Then by how it moves: the clip is watched and heard whole (or what was kept of that is read), every
//! candidate is laid under it where it meets cuts, hits and arc best, and all are ranked again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;
use std::{panic, thread};

use needledrop_media::Sampling;
use needledrop_models::Pack;
use needledrop_ranking::{
    Brief, Calibration, InPoint, Key, NO_GOOD_MATCH, PulseTempo, TagWish, Weights, rank,
};
use needledrop_vision::{DEFAULT_SENSITIVITY, Feeling, Projector};

use crate::documents::{CatalogDoc, TrackDoc, rounded};
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::mood::{self, MoodScale};
use crate::packs;
use crate::picture::{self, Looked};
use crate::places::Places;
use crate::seeing::{self, Reading};
use crate::tracks;

mod meeting;
mod offer;
mod query;
mod report;
mod words;

use offer::{Candidates, Offer};
use query::{WordVector, of_words, query};
pub use report::{
    AlignmentDoc, BriefDoc, ClipDoc, LandingDoc, MatchReport, ResultDoc, ScoresDoc, TimingsDoc,
};
use words::Words;

/// What is asked.
#[derive(Clone, Debug)]
pub struct MatchRequest {
    /// Video file.
    pub clip: PathBuf,
    /// In and out in seconds; the whole clip where absent.
    pub range_s: Option<(f64, f64)>,
    /// What the music should be, in words; what follows "no", "without" or a minus is unwanted.
    pub brief: Option<String>,
    /// Share of the words in the query, 0 to 1; the rest is the picture's.
    pub words_share: f32,
    /// A track of the catalog that the choice should sound like and whose key it should follow; it is
    /// not offered itself.
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
    /// Whether the clip is watched and heard whole after the first rows.
    pub watch: bool,
    /// How readily a change of the picture is called a cut, 0 to 1.
    pub sensitivity: f32,
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
            words_share: 0.5,
            reference: None,
            bpm_range: None,
            key: None,
            tags: Vec::new(),
            catalog,
            pack: "embedded".to_owned(),
            sampling: Sampling::Fast,
            watch: true,
            sensitivity: DEFAULT_SENSITIVITY,
            top: 30,
            weights: Weights::default(),
        }
    }
}

/// Finds the tracks of a catalog that fit a clip. `on_first` gets the rows by what the picture shows,
/// as soon as they are there; the answer has them by how it moves, too.
///
/// # Errors
/// Every [`EngineError`] of a clip, a pack or a catalog that cannot be used, and
/// [`EngineError::TrackNotFound`] for the reference.
pub fn match_clip(
    places: &Places,
    request: &MatchRequest,
    job: &Job<'_>,
    on_first: &mut dyn FnMut(&MatchReport),
) -> Result<Outcome<MatchReport>, EngineError> {
    let started = Instant::now();
    let pack = packs::open(places, &request.pack)?;
    let catalog = tracks::open(&request.catalog, Some(&pack))?;
    let asked = request
        .brief
        .as_deref()
        .map(Words::of)
        .filter(|w| !w.is_empty());
    // Whatever else is wrong with the catalog stops the decoding too.
    let inner = job.child();
    let (looked, seen, projected, projected_at, words, offer) = thread::scope(|scope| {
        let offer = scope.spawn(|| {
            Offer::open(places, &pack, catalog, request).inspect_err(|_| inner.cancel().cancel())
        });
        let pack = &pack;
        let words = asked
            .as_ref()
            .map(|asked| scope.spawn(move || of_words(pack, asked)));
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
    let scale = MoodScale::for_pictures(&pack, &places.cache)?;

    let reference = offer.reference_vector()?;
    let drawn = words.as_ref().map(|w| (w, request.words_share));
    let query = query(&projected, reference.as_deref(), drawn);
    let word_vector = words.as_ref().map(|w| w.vector.as_slice());
    let mut candidates = offer.candidates(&query, word_vector, request)?;
    candidates.tell_kin();
    let searched = Instant::now();

    let choices = pack.manifest.projector.choices.map(|known| Calibration {
        slope: known.slope,
        centre: known.centre,
        spread: known.spread,
    });
    let picture_alone = words.is_none() && reference.is_none();
    let confidence = offer.confidence(&query, choices.filter(|_| picture_alone), &candidates);
    let mut brief = Brief {
        visual_slope: visual_slope(choices, words.as_ref(), request.words_share),
        ..brief(request, &offer, &candidates, asked.as_ref())
    };
    feel(
        &mut brief,
        request,
        &mood::of_picture(&scale, &projected, Feeling::default()),
    );
    let rows = rows(
        &offer,
        &brief,
        &candidates,
        &BTreeMap::new(),
        (&query, request),
    )?;
    let ranked = Instant::now();

    let ms = |from: Instant, to: Instant| (to - from).as_secs_f64() * 1000.0;
    let sample = looked.waited.as_secs_f64() * 1000.0;
    let mut timings = TimingsDoc::new(
        sample,
        (ms(started, seen) - sample).max(0.0),
        ms(seen, projected_at),
        ms(projected_at, searched),
        ms(searched, ranked),
    );
    let mut report = MatchReport {
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
        confidence: rounded(confidence, 3),
        no_good_match: confidence < NO_GOOD_MATCH,
        refined: false,
        timings_ms: timings,
        results: rows,
    };
    if !request.watch {
        return Ok(Outcome::Completed(report));
    }
    on_first(&report);

    let watching = Instant::now();
    let Some(seen) = seeing::see(places, &request.clip, request.range_s, job)? else {
        return Ok(Outcome::Cancelled(Some(report)));
    };
    let reading = Reading::of(&seen.kept, request.sensitivity);
    let watched = Instant::now();
    move_along(&mut brief, request, &reading);
    feel(
        &mut brief,
        request,
        &mood::of_picture(&scale, &projected, reading.feeling),
    );
    if let Some(pulse) = brief.tempo.filter(|p| p.confidence >= seeing::NO_PULSE) {
        offer.add_tempo(&query, word_vector, pulse.bpm, &mut candidates)?;
        candidates.tell_kin();
    }
    let met = meeting::meet(&offer, &reading, &query, &mut candidates)?;
    report.results = self::rows(&offer, &brief, &candidates, &met, (&query, request))?;
    timings.refine(ms(watching, watched), ms(watched, Instant::now()));
    report.timings_ms = timings;
    report.refined = true;
    report.brief = BriefDoc::from(&brief);
    if let Some(why) = &seen.kept.unheard {
        let warning = format!("the clip's sound could not be read: {why}");
        report.warnings.push(warning);
    }
    if seen.kept.corrupt && report.warnings.iter().all(|w| w != DAMAGED) {
        report.warnings.push(DAMAGED.to_owned());
    }
    Ok(Outcome::Completed(report))
}

/// Told where something of the range is not there.
const DAMAGED: &str = "part of the range is missing or damaged; the rest was used";

fn project(pack: &Pack, looked: &Looked) -> Result<Vec<f32>, EngineError> {
    let projector = Projector::load(&pack.file(&pack.manifest.projector.file)?)?;
    Ok(projector.project(&looked.vector)?)
}

/// The rows, each with where it begins.
fn rows(
    offer: &Offer,
    brief: &Brief,
    candidates: &Candidates,
    met: &BTreeMap<String, InPoint>,
    (query, request): (&[f32], &MatchRequest),
) -> Result<Vec<ResultDoc>, EngineError> {
    rank(brief, &candidates.list, &request.weights, request.top)
        .iter()
        .map(|row| {
            let track = &candidates.tracks[&row.candidate.id];
            let point = met.get(&row.candidate.id);
            let start_s = match point {
                Some(point) => point.start_s,
                None => offer.best_start(track, query)?,
            };
            let track = TrackDoc::new(track, start_s);
            Ok(ResultDoc::new(row, track, point, &request.weights))
        })
        .collect()
}

/// What was asked for.
fn brief(
    request: &MatchRequest,
    offer: &Offer,
    candidates: &Candidates,
    asked: Option<&Words>,
) -> Brief {
    let tempo = request.bpm_range.map(|(low, high)| PulseTempo {
        bpm: f32::midpoint(low, high),
        confidence: 1.0,
    });
    let mut tags = request.tags.clone();
    let named = asked.map_or_else(Vec::new, |asked| candidates.wishes_of(asked));
    for wish in named {
        if tags.iter().all(|t| !t.tag.eq_ignore_ascii_case(&wish.tag)) {
            tags.push(wish);
        }
    }
    Brief {
        tempo,
        bpm_range: request.bpm_range,
        tags,
        key: request.key,
        reference_key: offer.reference_key(),
        text: request.brief.clone(),
        ..Brief::default()
    }
}

/// Words are meant; how near a track is to them counts in full, and to the picture as far as its
/// cosines have told what people choose.
fn visual_slope(choices: Option<Calibration>, words: Option<&WordVector>, share: f32) -> f32 {
    let measured = choices.map_or(Calibration::UNKNOWN_SLOPE, |known| known.slope);
    let share = if words.is_some() { share } else { 0.0 };
    measured + share.clamp(0.0, 1.0) * (Calibration::UNKNOWN_SLOPE - measured)
}

/// Mood and mode, where no key was asked for.
fn feel(brief: &mut Brief, request: &MatchRequest, felt: &mood::PictureMood) {
    brief.mood = Some(felt.mood);
    (brief.mode, brief.mode_confidence) = match request.key {
        Some(key) => (Some(key.mode()), 1.0),
        None => mood::mode_of(felt.valence),
    };
}

/// Pulse and speech.
fn move_along(brief: &mut Brief, request: &MatchRequest, reading: &Reading) {
    brief.speech = reading.edit.spoken();
    if request.bpm_range.is_none() && reading.pulse.bpm > 0.0 {
        brief.tempo = Some(PulseTempo {
            bpm: reading.pulse.bpm,
            confidence: reading.pulse.confidence,
        });
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
        warnings.push(DAMAGED.to_owned());
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
