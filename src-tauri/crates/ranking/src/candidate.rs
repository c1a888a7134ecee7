//! A track on offer.

use crate::brief::Mood;
use crate::in_point::InPoint;
use crate::music::Key;

/// A track on offer, with what is known of it. `None` and empty mean unknown, never zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate {
    /// Identity; decides between equal scores.
    pub id: String,
    /// Title, used to notice the same recording offered twice.
    pub title: String,
    /// Artist, likewise.
    pub artist: String,
    /// Length in seconds, likewise.
    pub duration_s: Option<f64>,
    /// Cosine of the brief's vector to the track's, -1 to 1.
    pub cosine: Option<f32>,
    /// Cosine of the brief's text to the track, -1 to 1.
    pub text_cosine: Option<f32>,
    /// Tempo in beats per minute.
    pub bpm: Option<f32>,
    /// How sure the tempo is, 0 to 1.
    pub bpm_confidence: f32,
    /// How well its beats meet the picture: [`InPoint::score`], 0 to 1.
    pub alignment: Option<f32>,
    /// Cuts that land on its beats, and all that could; for the reason.
    pub cuts_landed: Option<(usize, usize)>,
    /// Seconds into the track at which it begins for that; for the reason.
    pub start_s: Option<f64>,
    /// Key.
    pub key: Option<Key>,
    /// How sure the key is, 0 to 1.
    pub key_confidence: f32,
    /// Tags with raw activations, whatever their scale.
    pub tags: Vec<(String, f32)>,
    /// Mood of the music.
    pub mood: Option<Mood>,
    /// Share of it that is sung or spoken, 0 to 1.
    pub vocal: Option<f32>,
    /// Share of its energy between about 300 Hz and 3.4 kHz, where voices lie, 0 to 1.
    pub presence: Option<f32>,
    /// Number of the group of near-duplicates that it belongs to, as [`crate::kin()`] gives them;
    /// `None` where it resembles no other.
    pub kin: Option<u32>,
}

impl Candidate {
    /// A track of which only the identity is known. Confidences start at 1, so that a tempo or
    /// key that is filled in counts fully unless something is said about it.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            bpm_confidence: 1.0,
            key_confidence: 1.0,
            ..Self::default()
        }
    }

    /// The same with what was found of its place under the picture.
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
