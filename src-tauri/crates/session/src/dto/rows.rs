//! Requests and rows of matches and searches.

use std::collections::BTreeMap;

use needledrop_engine::library::search::SearchRow;
use needledrop_engine::matching::{MatchBrief, MatchReport};
use needledrop_engine::ranking::{Camelot, Weights};
use needledrop_engine::words::WordDoc;
use needledrop_engine::{Filter, KeyFilter, tag};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// A match to start.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MatchRequest {
    pub clip: String,
    pub range_s: (f64, f64),
    pub brief: Brief,
}

/// The wanted music. A changed brief needs no new decoding of the clip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Brief {
    /// Description of the music in words.
    pub text: String,
    /// Share of the words in the query against the picture, 0 to 1.
    pub words_share: f32,
    /// Id of a track that the music should sound like.
    pub reference: Option<String>,
    pub weights: TermWeights,
    pub filters: Filters,
    /// Cut sensitivity, 0 to 1.
    pub sensitivity: f32,
}

/// Weights of the four terms of the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TermWeights {
    pub visual: f64,
    pub tempo: f64,
    pub tags: f64,
    pub key: f64,
}

impl Default for TermWeights {
    fn default() -> Self {
        Weights::default().shares().into()
    }
}

impl From<[f64; 4]> for TermWeights {
    fn from([visual, tempo, tags, key]: [f64; 4]) -> Self {
        Self {
            visual,
            tempo,
            tags,
            key,
        }
    }
}

impl TermWeights {
    pub(crate) fn shares(self) -> [f64; 4] {
        [self.visual, self.tempo, self.tags, self.key]
    }
}

/// Conditions that every listed track satisfies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default)]
pub struct Filters {
    /// Beats per minute, from and to.
    pub bpm: Option<(f64, f64)>,
    /// Camelot code that its key must fit.
    pub key: Option<String>,
    /// Tags that it must carry.
    pub tags: Vec<String>,
    pub voices: Voices,
    /// Length in seconds, from and to.
    pub duration_s: Option<(f64, f64)>,
    /// Licences, one of which it must have.
    pub licences: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Voices {
    #[default]
    Any,
    Instrumental,
    Vocal,
}

/// Largest Camelot distance of a key that fits.
const FITTING_STEPS: u8 = 1;
/// Tracks with at most this share of voices are instrumental; tracks with at least `SUNG` are vocal.
const INSTRUMENTAL: f32 = 0.35;
const SUNG: f32 = 0.5;

impl Brief {
    /// The same brief in the engine's form.
    ///
    /// # Errors
    /// `invalid_value` for weights or a key that cannot be used.
    pub(crate) fn to_engine(&self) -> Result<MatchBrief, Fault> {
        let [visual, tempo, tags, key] = self.weights.shares();
        let text = self.text.trim();
        Ok(MatchBrief {
            text: (!text.is_empty()).then(|| text.to_owned()),
            words_share: self.words_share.clamp(0.0, 1.0),
            reference: self.reference.clone(),
            filter: self.filters.to_engine()?,
            sensitivity: self.sensitivity.clamp(0.0, 1.0),
            weights: Weights::new(visual, tempo, tags, key)
                .map_err(|error| Fault::new("invalid_value", error.to_string()))?,
            ..MatchBrief::default()
        })
    }
}

impl Filters {
    /// The same conditions in the catalog's form.
    ///
    /// # Errors
    /// `invalid_value` for a key that is no Camelot code.
    pub(crate) fn to_engine(&self) -> Result<Filter, Fault> {
        let key = self.key.as_deref().map(|code| {
            code.parse::<Camelot>().map_err(|_| {
                Fault::new(
                    "invalid_value",
                    format!("expected a Camelot code such as 8A, got {code:?}"),
                )
            })
        });
        let key = key.transpose()?.map(|camelot| KeyFilter {
            key: camelot.key(),
            max_distance: FITTING_STEPS,
        });
        let narrow = |(from, to): (f64, f64)| (from as f32, to as f32);
        Ok(Filter {
            bpm: self.bpm.map(narrow),
            key,
            tags: self.tags.iter().map(|name| tag(name)).collect(),
            duration_s: self.duration_s,
            vocal: match self.voices {
                Voices::Any => None,
                Voices::Instrumental => Some((0.0, INSTRUMENTAL)),
                Voices::Vocal => Some((SUNG, 1.0)),
            },
            licences: self.licences.clone(),
            ..Filter::default()
        })
    }
}

/// The rows of a match: the document of `needledrop match --json`, with the small waveforms that a list draws.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Rows {
    /// Number of the match; a later match has a higher one.
    #[serde(rename = "match")]
    pub number: u32,
    #[serde(flatten)]
    pub report: MatchReport,
    /// Messages for the editor about the match.
    pub warnings: Vec<String>,
    /// Peaks of each track by id, 0 to 255 over its whole length.
    pub peaks: BTreeMap<String, Vec<u8>>,
}

/// The rows of a search by words or by a track.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FoundRows {
    /// What each word became; empty for a search by a track.
    pub words: Vec<WordDoc>,
    pub results: Vec<SearchRow>,
    /// Peaks of each track by id, 0 to 255 over its whole length.
    pub peaks: BTreeMap<String, Vec<u8>>,
}
