//! The candidates for a brief and a picture, and the brief that they are ranked by.

use std::collections::BTreeMap;

use needledrop_ranking::{Brief, Calibration, PulseTempo, rank};
use needledrop_vision::Feeling;

use super::alignment;
use super::brief::MatchBrief;
use super::candidates::{CandidateSource, Shortlisted, group_kin, tag_wishes};
use super::query::{WordVector, of_words, query};
use super::report::ResultDoc;
use super::words::Words;
use crate::clip::analysis::{NO_PULSE, PictureRhythm};
use crate::error::EngineError;
use crate::library::open::Library;
use crate::music::mood::{self, MoodScale, PictureMood};

/// What the picture says.
pub(super) struct PictureQuery {
    /// Its vector in the audio space.
    pub(super) projected: Vec<f32>,
    pub(super) scale: MoodScale,
    /// How people chose by this pack's cosines, where that was measured.
    pub(super) choices: Option<Calibration>,
    /// How it moves and sounds; nothing before it was watched.
    pub(super) rhythm: Option<PictureRhythm>,
}

impl PictureQuery {
    pub(super) fn mood(&self) -> PictureMood {
        let feeling = self
            .rhythm
            .as_ref()
            .map_or_else(Feeling::default, |r| r.feeling);
        mood::of_picture(&self.scale, &self.projected, feeling)
    }
}

/// Candidates for a brief, and what they are ranked by.
pub(super) struct Shortlist {
    pub(super) brief: MatchBrief,
    pub(super) ranking_brief: Brief,
    pub(super) candidates: Vec<Shortlisted>,
    pub(super) confidence: f64,
    /// Phrases of the words that are wanted, and that are not.
    pub(super) understood: (Vec<String>, Vec<String>),
    query: Vec<f32>,
}

impl Shortlist {
    /// Searches around picture, reference and words; where the clip was watched, lays every candidate
    /// under it.
    pub(super) fn find(
        library: &mut Library,
        picture: &PictureQuery,
        brief: &MatchBrief,
    ) -> Result<Shortlist, EngineError> {
        let asked = brief
            .text
            .as_deref()
            .map(Words::of)
            .filter(|w| !w.is_empty());
        let words = match &asked {
            Some(asked) => Some(of_words(library, asked)?),
            None => None,
        };
        let library = &*library;
        // One moment of the catalog: a track that is deleted meanwhile is still read, or was not found.
        library.catalog.snapshot(|| {
            let source = CandidateSource::new(library, brief)?;
            let reference = source.reference_vector()?;
            let drawn = words.as_ref().map(|w| (w, brief.words_share));
            let query = query(&picture.projected, reference.as_deref(), drawn);
            let word_vector = words.as_ref().map(|w| w.vector.as_slice());
            let mut candidates = source.candidates(&query, word_vector, brief)?;

            let picture_alone = words.is_none() && reference.is_none();
            let choices = picture.choices.filter(|_| picture_alone);
            let confidence = source.confidence(&query, choices, &candidates);
            let mut ranking_brief = Brief {
                visual_slope: visual_slope(picture.choices, words.as_ref(), brief.words_share),
                ..requested(brief, &source, &candidates, asked.as_ref())
            };
            add_mood(&mut ranking_brief, brief, &picture.mood());
            if let Some(rhythm) = &picture.rhythm {
                add_motion(&mut ranking_brief, brief, rhythm);
                if let Some(pulse) = ranking_brief.tempo.filter(|p| p.confidence >= NO_PULSE) {
                    source.add_tempo(&query, word_vector, pulse.bpm, &mut candidates)?;
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
                understood: asked.map_or_else(Default::default, |w| (w.phrases(), w.unwanted)),
                query,
            })
        })
    }

    /// The rows, each with where it begins.
    pub(super) fn rows(
        &self,
        library: &Library,
        brief: &MatchBrief,
    ) -> Result<Vec<ResultDoc>, EngineError> {
        let candidates = || self.candidates.iter();
        let by_id: BTreeMap<&str, &Shortlisted> =
            candidates().map(|c| (c.candidate.id.as_str(), c)).collect();
        rank(
            &self.ranking_brief,
            candidates().map(|c| &c.candidate),
            &brief.weights,
            brief.top,
        )
        .iter()
        .map(|row| {
            let found = by_id[row.candidate.id.as_str()];
            let point = found.in_point.as_ref();
            let start_s = match point {
                Some(point) => point.start_s,
                None => library.best_start(&found.track, &self.query)?,
            };
            Ok(ResultDoc::new(
                row,
                &found.track,
                start_s,
                point,
                &brief.weights,
            ))
        })
        .collect()
    }
}

/// What was asked for.
fn requested(
    brief: &MatchBrief,
    source: &CandidateSource<'_>,
    candidates: &[Shortlisted],
    asked: Option<&Words>,
) -> Brief {
    let tempo = brief.bpm_range.map(|(low, high)| PulseTempo {
        bpm: f32::midpoint(low, high),
        confidence: 1.0,
    });
    let mut tags = brief.tags.clone();
    let named = asked.map_or_else(Vec::new, |asked| tag_wishes(candidates, asked));
    for wish in named {
        if tags.iter().all(|t| !t.tag.eq_ignore_ascii_case(&wish.tag)) {
            tags.push(wish);
        }
    }
    Brief {
        tempo,
        bpm_range: brief.bpm_range,
        tags,
        key: brief.key,
        reference_key: source.reference_key(),
        text: brief.text.clone(),
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
fn add_mood(ranking_brief: &mut Brief, brief: &MatchBrief, felt: &PictureMood) {
    ranking_brief.mood = Some(felt.mood);
    (ranking_brief.mode, ranking_brief.mode_confidence) = match brief.key {
        Some(key) => (Some(key.mode()), 1.0),
        None => mood::mode_of(felt.valence),
    };
}

/// Pulse and speech.
fn add_motion(ranking_brief: &mut Brief, brief: &MatchBrief, rhythm: &PictureRhythm) {
    ranking_brief.speech = rhythm.edit.spoken();
    if brief.bpm_range.is_none() && rhythm.pulse.bpm > 0.0 {
        ranking_brief.tempo = Some(PulseTempo {
            bpm: rhythm.pulse.bpm,
            confidence: rhythm.pulse.confidence,
        });
    }
}
