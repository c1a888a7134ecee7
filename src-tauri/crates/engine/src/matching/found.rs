//! What a wish finds for a picture, before it is weighed.

use std::collections::BTreeMap;

use needledrop_ranking::{Brief, Calibration, InPoint, PulseTempo, rank};
use needledrop_vision::Feeling;

use super::candidates::{Candidates, Offer};
use super::meeting;
use super::query::{WordVector, of_words, query};
use super::report::ResultDoc;
use super::wish::Wish;
use super::words::Words;
use crate::error::EngineError;
use crate::library::Library;
use crate::mood::{self, MoodScale, PictureMood};
use crate::seeing::{NO_PULSE, Reading};

/// What the picture says.
pub(super) struct Sight {
    /// Its vector in the audio space.
    pub(super) projected: Vec<f32>,
    pub(super) scale: MoodScale,
    /// How people chose by this pack's cosines, where that was measured.
    pub(super) choices: Option<Calibration>,
    /// How it moves and sounds; nothing before it was watched.
    pub(super) reading: Option<Reading>,
}

impl Sight {
    pub(super) fn felt(&self) -> PictureMood {
        let feeling = self
            .reading
            .as_ref()
            .map_or_else(Feeling::default, |r| r.feeling);
        mood::of_picture(&self.scale, &self.projected, feeling)
    }
}

/// Candidates for a wish, and what they are ranked by.
pub(super) struct Found {
    pub(super) wish: Wish,
    pub(super) brief: Brief,
    pub(super) candidates: Candidates,
    pub(super) confidence: f64,
    /// Phrases of the words that are wanted, and that are not.
    pub(super) understood: (Vec<String>, Vec<String>),
    query: Vec<f32>,
    met: BTreeMap<String, InPoint>,
}

impl Found {
    /// Searches around picture, reference and words; where the clip was watched, lays every candidate
    /// under it.
    pub(super) fn find(
        library: &mut Library,
        sight: &Sight,
        wish: &Wish,
    ) -> Result<Found, EngineError> {
        let asked = wish
            .brief
            .as_deref()
            .map(Words::of)
            .filter(|w| !w.is_empty());
        let words = match &asked {
            Some(asked) => Some(of_words(library, asked)?),
            None => None,
        };
        let offer = Offer::of(library, wish)?;
        let reference = offer.reference_vector()?;
        let drawn = words.as_ref().map(|w| (w, wish.words_share));
        let query = query(&sight.projected, reference.as_deref(), drawn);
        let word_vector = words.as_ref().map(|w| w.vector.as_slice());
        let mut candidates = offer.candidates(&query, word_vector, wish)?;

        let picture_alone = words.is_none() && reference.is_none();
        let choices = sight.choices.filter(|_| picture_alone);
        let confidence = offer.confidence(&query, choices, &candidates);
        let mut brief = Brief {
            visual_slope: visual_slope(sight.choices, words.as_ref(), wish.words_share),
            ..brief(wish, &offer, &candidates, asked.as_ref())
        };
        feel(&mut brief, wish, &sight.felt());
        if let Some(reading) = &sight.reading {
            move_along(&mut brief, wish, reading);
            if let Some(pulse) = brief.tempo.filter(|p| p.confidence >= NO_PULSE) {
                offer.add_tempo(&query, word_vector, pulse.bpm, &mut candidates)?;
            }
        }
        candidates.tell_kin();
        let met = match &sight.reading {
            Some(reading) => meeting::meet(library, reading, &query, &mut candidates)?,
            None => BTreeMap::new(),
        };
        Ok(Found {
            wish: wish.clone(),
            brief,
            candidates,
            confidence,
            understood: asked.map_or_else(Default::default, |w| (w.phrases(), w.unwanted)),
            query,
            met,
        })
    }

    /// The rows, each with where it begins.
    pub(super) fn rows(
        &self,
        library: &Library,
        wish: &Wish,
    ) -> Result<Vec<ResultDoc>, EngineError> {
        rank(&self.brief, &self.candidates.list, &wish.weights, wish.top)
            .iter()
            .map(|row| {
                let id = &row.candidate.id;
                let track = &self.candidates.tracks[id];
                let point = self.met.get(id);
                let start_s = match point {
                    Some(point) => point.start_s,
                    None => library.best_start(track, &self.query)?,
                };
                Ok(ResultDoc::new(row, track, start_s, point, &wish.weights))
            })
            .collect()
    }
}

/// What was asked for.
fn brief(wish: &Wish, offer: &Offer<'_>, candidates: &Candidates, asked: Option<&Words>) -> Brief {
    let tempo = wish.bpm_range.map(|(low, high)| PulseTempo {
        bpm: f32::midpoint(low, high),
        confidence: 1.0,
    });
    let mut tags = wish.tags.clone();
    let named = asked.map_or_else(Vec::new, |asked| candidates.wishes_of(asked));
    for wish in named {
        if tags.iter().all(|t| !t.tag.eq_ignore_ascii_case(&wish.tag)) {
            tags.push(wish);
        }
    }
    Brief {
        tempo,
        bpm_range: wish.bpm_range,
        tags,
        key: wish.key,
        reference_key: offer.reference_key(),
        text: wish.brief.clone(),
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
fn feel(brief: &mut Brief, wish: &Wish, felt: &PictureMood) {
    brief.mood = Some(felt.mood);
    (brief.mode, brief.mode_confidence) = match wish.key {
        Some(key) => (Some(key.mode()), 1.0),
        None => mood::mode_of(felt.valence),
    };
}

/// Pulse and speech.
fn move_along(brief: &mut Brief, wish: &Wish, reading: &Reading) {
    brief.speech = reading.edit.spoken();
    if wish.bpm_range.is_none() && reading.pulse.bpm > 0.0 {
        brief.tempo = Some(PulseTempo {
            bpm: reading.pulse.bpm,
            confidence: reading.pulse.confidence,
        });
    }
}
