//! The candidates for a brief and a picture, and the brief that they are ranked by.

use std::collections::BTreeMap;

use needledrop_catalog::Track;
use needledrop_ranking::{
    Brief, Calibration, InPoint, Measure, PulseTempo, Ranked, Weights, obedience_share, rank,
};
use needledrop_timebase::FrameRate;
use needledrop_vision::Feeling;

use super::alignment;
use super::brief::MatchBrief;
use super::candidates::{CandidateSource, Shortlisted, group_kin};
use super::query::query;
use super::report::{AlignmentDoc, ResultDoc};
use crate::clip::analysis::{NO_PULSE, PictureRhythm};
use crate::error::EngineError;
use crate::library::open::Library;
use crate::music::mood::{self, MoodScale, PictureMood};
use crate::words::WordDoc;
use crate::words::understood::{Towers, Understood};

/// The clip's part of the query.
pub(super) struct PictureQuery {
    /// Vector of the clip in the audio space.
    pub(super) projected: Vec<f32>,
    pub(super) scale: MoodScale,
    /// Valence and arousal of the clip vector, where the pack reads them.
    pub(super) shown: Option<Feeling>,
    /// Calibration of the pack's cosines on choices of people, where the pack has it.
    pub(super) choices: Option<Calibration>,
    /// Absent before the analysis.
    pub(super) rhythm: Option<PictureRhythm>,
}

impl PictureQuery {
    pub(super) fn mood(&self) -> PictureMood {
        let feeling = self
            .rhythm
            .as_ref()
            .map_or_else(Feeling::default, |r| r.feeling);
        mood::of_picture(&self.scale, &self.projected, self.shown, feeling)
    }
}

/// The candidates for a brief, with what the ranking needs.
pub(super) struct Shortlist {
    pub(super) brief: MatchBrief,
    pub(super) ranking_brief: Brief,
    pub(super) candidates: Vec<Shortlisted>,
    pub(super) confidence: f64,
    /// Wanted and unwanted phrases of the words, and what each word became.
    pub(super) phrases: (Vec<String>, Vec<String>),
    pub(super) words: Vec<WordDoc>,
    query: Vec<f32>,
    /// Starts of the tracks that were listed without an in-point, seconds.
    starts_s: BTreeMap<String, f64>,
}

impl Shortlist {
    /// Searches for picture, reference and words; aligns every candidate if the clip was analysed.
    pub(super) fn find(
        library: &mut Library,
        picture: &PictureQuery,
        brief: &MatchBrief,
    ) -> Result<Shortlist, EngineError> {
        let understood = match brief.text.as_deref() {
            Some(text) => Understood::of(library, text, Towers::Brief)?,
            None => None,
        };
        let library = &*library;
        // One read transaction: a track that is deleted meanwhile is read whole or not found at all.
        library.catalog.snapshot(|| {
            let source = CandidateSource::new(library, brief)?;
            let reference = source.reference_vector()?;
            let words = understood.as_ref();
            let direction = words.and_then(|words| words.vector.as_deref());
            let drawn = direction.map(|direction| (direction, brief.words_share));
            let query = query(&picture.projected, reference.as_deref(), drawn);
            let mut candidates = source.candidates(&query, words, brief)?;

            let picture_alone = words.is_none() && reference.is_none();
            let choices = picture.choices.filter(|_| picture_alone);
            let confidence = source.confidence(&query, choices, &candidates);
            let mut ranking_brief = Brief {
                visual_slope: visual_slope(picture.choices, direction.is_some(), brief.words_share),
                ..requested(brief, &source)
            };
            add_mood(&mut ranking_brief, brief, &picture.mood());
            if let Some(words) = words {
                add_words(&mut ranking_brief, brief, words, library);
            }
            if let Some(rhythm) = &picture.rhythm {
                add_motion(&mut ranking_brief, brief, rhythm);
                if let Some(pulse) = ranking_brief.tempo.filter(|p| p.confidence >= NO_PULSE) {
                    source.add_tempo(&query, words, pulse.bpm, &mut candidates)?;
                }
            }
            group_kin(&mut candidates);
            if let Some(rhythm) = &picture.rhythm {
                alignment::align(library, rhythm, &query, &mut candidates)?;
            }
            Ok(Shortlist {
                brief: brief.clone(),
                ranking_brief,
                candidates,
                confidence,
                phrases: words.map(Understood::phrases).unwrap_or_default(),
                words: words.map(Understood::documents).unwrap_or_default(),
                query,
                starts_s: BTreeMap::new(),
            })
        })
    }

    /// The rows for a range of `range_s` seconds of a clip with the frame rate `rate`, best first; tracks that end
    /// before the range come last.
    pub(super) fn rows(
        &mut self,
        library: &Library,
        brief: &MatchBrief,
        range_s: f64,
        rate: FrameRate,
    ) -> Result<Vec<ResultDoc>, EngineError> {
        let Self {
            ranking_brief,
            candidates,
            starts_s,
            query,
            ..
        } = self;
        let by_id: BTreeMap<&str, &Shortlisted> = candidates
            .iter()
            .map(|found| (found.candidate.id.as_str(), found))
            .collect();
        let mut asked = brief.top;
        loop {
            let ranked = rank(
                ranking_brief,
                candidates.iter().map(|found| &found.candidate),
                &brief.weights,
                asked,
            );
            let all = ranked.len() < asked || asked >= candidates.len();
            let (mut filling, mut short) = (Vec::new(), Vec::new());
            for row in ranked {
                let found = by_id[row.candidate.id.as_str()];
                let (track, point) = (&found.track, found.in_point.as_ref());
                let start_s = match (point, starts_s.get(&track.id)) {
                    (Some(point), _) => point.start_s,
                    (None, Some(start_s)) => *start_s,
                    (None, None) => {
                        let start_s = library.best_start(track, query, range_s)?;
                        starts_s.insert(track.id.clone(), start_s);
                        start_s
                    }
                };
                let placed = PlacedRow {
                    row,
                    track,
                    start_s,
                    point,
                };
                if placed.is_too_short(range_s) {
                    short.push(placed);
                } else {
                    filling.push(placed);
                }
            }
            if filling.len() < brief.top && !all {
                asked *= 2;
                continue;
            }
            let listed = filling.into_iter().chain(short).take(brief.top);
            return Ok(listed
                .enumerate()
                .map(|(before, placed)| placed.document(before + 1, range_s, rate, &brief.weights))
                .collect());
        }
    }
}

/// A track that ends up to this much before the range fills it, seconds.
const EARLY_END_S: f64 = 0.5;

/// A ranked track with its start.
struct PlacedRow<'a> {
    row: Ranked<'a>,
    track: &'a Track,
    start_s: f64,
    point: Option<&'a InPoint>,
}

impl PlacedRow<'_> {
    /// Whether the track, played from its start, ends before a range of this length.
    fn is_too_short(&self, range_s: f64) -> bool {
        range_s - (self.track.facts.duration_s - self.start_s) >= EARLY_END_S
    }

    fn document(&self, rank: usize, range_s: f64, rate: FrameRate, weights: &Weights) -> ResultDoc {
        let alignment = self.point.map(|point| AlignmentDoc::new(point, rate));
        ResultDoc {
            rank,
            too_short: self.is_too_short(range_s),
            ..ResultDoc::new(&self.row, self.track, self.start_s, alignment, weights)
        }
    }
}

/// The part of the ranking's brief that depends neither on the picture nor on words.
fn requested(brief: &MatchBrief, source: &CandidateSource<'_>) -> Brief {
    let tempo = brief.bpm_range.map(|(low, high)| PulseTempo {
        bpm: f32::midpoint(low, high),
        confidence: 1.0,
    });
    Brief {
        tempo,
        bpm_range: brief.bpm_range,
        tags: brief.tags.clone(),
        key: brief.key,
        reference_key: source.reference_key(),
        text: brief.text.clone(),
        ..Brief::default()
    }
}

/// Adds the share of the measurable words. A mode in words takes the place of the picture's.
fn add_words(ranking_brief: &mut Brief, brief: &MatchBrief, words: &Understood, library: &Library) {
    let Some(census) = library.census().filter(|_| !words.wishes.is_empty()) else {
        return;
    };
    let (weight, refuses) = census.weight(&words.wishes);
    ranking_brief.obedience_share =
        obedience_share(brief.words_share, weight, words.vector.is_some());
    ranking_brief.refuses = refuses && brief.words_share > 0.0;
    let mode = words.wishes.iter().find_map(|wish| match wish.measure {
        Measure::Mode(mode) => Some(mode),
        _ => None,
    });
    if let (Some(mode), None) = (mode, brief.key) {
        (ranking_brief.mode, ranking_brief.mode_confidence) = (Some(mode), 1.0);
    }
}

/// Slope of the visual term: 1 for a query of words, the measured slope for a query of the picture, interpolated by
/// the words' share.
fn visual_slope(choices: Option<Calibration>, with_words: bool, share: f32) -> f32 {
    let measured = choices.map_or(Calibration::UNKNOWN_SLOPE, |known| known.slope);
    let share = if with_words { share } else { 0.0 };
    measured + share.clamp(0.0, 1.0) * (Calibration::UNKNOWN_SLOPE - measured)
}

/// Adds mood and mode of the picture; a requested key decides the mode.
fn add_mood(ranking_brief: &mut Brief, brief: &MatchBrief, picture: &PictureMood) {
    ranking_brief.mood = Some(picture.mood);
    (ranking_brief.mode, ranking_brief.mode_confidence) = match brief.key {
        Some(key) => (Some(key.mode()), 1.0),
        None => mood::mode_of(picture.valence),
    };
}

/// Adds pulse and speech of the clip.
fn add_motion(ranking_brief: &mut Brief, brief: &MatchBrief, rhythm: &PictureRhythm) {
    ranking_brief.speech = rhythm.edit.spoken();
    if brief.bpm_range.is_none() && rhythm.pulse.bpm > 0.0 {
        ranking_brief.tempo = Some(PulseTempo {
            bpm: rhythm.pulse.bpm,
            confidence: rhythm.pulse.confidence,
        });
    }
}
