//! A candidate: a track that the search found.

use crate::brief::Mood;
use crate::in_point::InPoint;
use crate::music::Key;
use crate::wishes::Obedience;

/// A track that the search found, with its known properties. `None` and empty mean unknown, never zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate {
    /// Unique id; decides the order of equal scores.
    pub id: String,
    /// Two candidates with the same title, artist and length (to a second) count as one recording.
    pub title: String,
    /// Part of that comparison; empty if unknown.
    pub artist: String,
    /// Length in seconds, part of that comparison.
    pub duration_s: Option<f64>,
    /// Cosine between the vectors of query and track, -1 to 1.
    pub cosine: Option<f32>,
    /// Cosine between the vectors of the brief's words and the track, -1 to 1.
    pub text_cosine: Option<f32>,
    /// Tempo in beats per minute.
    pub bpm: Option<f32>,
    /// Confidence of the tempo, 0 to 1.
    pub bpm_confidence: f32,
    /// Probability that the edit follows its beats: [`InPoint::score`], 0 to 1.
    pub alignment: Option<f32>,
    /// Cuts on its beats, and all cuts of the range; only the reason uses it.
    pub cuts_landed: Option<(usize, usize)>,
    /// In-point in seconds of the track; only the reason uses it.
    pub start_s: Option<f64>,
    /// Estimated tonic and mode.
    pub key: Option<Key>,
    /// Confidence of the key, 0 to 1.
    pub key_confidence: f32,
    /// Tags with the tagger's activations, on any scale that all candidates share.
    pub tags: Vec<(String, f32)>,
    /// Mood of the music, from its tags.
    pub mood: Option<Mood>,
    /// Share of the track with singing or speech, 0 to 1.
    pub vocal: Option<f32>,
    /// Share of its power between 300 Hz and 3.4 kHz, the band of voices, 0 to 1.
    pub presence: Option<f32>,
    /// How far it obeys the measurable words of the brief; `None` for a brief without such words.
    pub obedience: Option<Obedience>,
    /// Number of its group of near-duplicates from [`crate::kin()`]; `None` for a track without near-duplicates.
    pub kin: Option<u32>,
}

impl Candidate {
    /// A track with an id and nothing else. Confidences start at 1, so that a tempo or key counts fully unless its
    /// confidence is set as well.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            bpm_confidence: 1.0,
            key_confidence: 1.0,
            ..Self::default()
        }
    }

    /// The candidate with the in-point's score, landed cuts and start.
    #[must_use]
    pub fn begun_at(self, found: &InPoint) -> Self {
        Self {
            alignment: Some(found.score),
            cuts_landed: (found.cuts > 0).then_some((found.cuts_landed, found.cuts)),
            start_s: Some(found.start_s),
            ..self
        }
    }
}
