//! A track on offer.

use crate::brief::Mood;
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
    /// Key.
    pub key: Option<Key>,
    /// How sure the key is, 0 to 1.
    pub key_confidence: f32,
    /// Tags with raw activations, whatever their scale.
    pub tags: Vec<(String, f32)>,
    /// Mood of the music.
    pub mood: Option<Mood>,
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
}
