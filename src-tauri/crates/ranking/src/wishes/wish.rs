//! One wish.

use crate::music::Mode;

/// What is asked of one measured property of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The words that ask for it, for the reasons.
    pub text: String,
    /// The property and its wanted values.
    pub measure: Measure,
    /// Whether the property is wanted or refused. Only tags and voices are refused; other measures have edges.
    pub stance: Stance,
    /// Weight in the mean, above 0; 1 is usual, 0 and not-a-number count as no wish.
    pub weight: f32,
}

/// Whether a tag or voices are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stance {
    /// The more the better.
    #[default]
    Wanted,
    /// The less the better.
    Less,
    /// The less the better; a track that clearly carries it lies below all others.
    Refused,
}

/// A measured property with its wanted values.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// Tempo in beats per minute. `counted` is for a tempo given in numbers: all tempi within the edges are equal, and
    /// half and double tempo fit in part. For a word such as "fast", a tempo further inside the edges fits better.
    Tempo {
        /// Wanted beats per minute.
        edges: Edges,
        /// Whether the tempo was given in numbers.
        counted: bool,
    },
    /// Percentile of the energy in the catalog, 0 to 1.
    Energy(Edges),
    /// Percentile of the valence in the catalog, 0 to 1.
    Valence(Edges),
    /// Mode of the key.
    Mode(Mode),
    /// A group of tags that mean one thing, by the group's name; see [`crate::Population::add_tags`].
    Tags(String),
    /// Singing or speech.
    Voices,
}

/// The wanted values of a number: from `low` to `high`, each open where `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Edges {
    /// Lowest wanted value.
    pub low: Option<f32>,
    /// Highest wanted value.
    pub high: Option<f32>,
}

impl Edges {
    /// At least `low`.
    pub fn over(low: f32) -> Self {
        Self {
            low: Some(low),
            high: None,
        }
    }

    /// At most `high`.
    pub fn under(high: f32) -> Self {
        Self {
            low: None,
            high: Some(high),
        }
    }

    /// From `low` to `high`.
    pub fn between(low: f32, high: f32) -> Self {
        Self {
            low: Some(low.min(high)),
            high: Some(low.max(high)),
        }
    }
}
