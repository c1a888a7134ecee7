//! The JSON document of `match`.

use std::path::PathBuf;

use needledrop_ranking::{Brief, Mood, Ranked, Weights};
use serde::Serialize;

use crate::documents::{CatalogDoc, MoodDoc, TrackDoc, rounded};

/// The answer to a match.
#[derive(Clone, Debug, Serialize)]
pub struct MatchReport {
    /// The clip.
    pub clip: ClipDoc,
    /// Name of the pack.
    pub pack: String,
    /// What ran the frame encoder: `cpu`, `cuda`, …
    pub provider: String,
    /// The catalog.
    pub catalog: CatalogDoc,
    /// What the music should be.
    pub brief: BriefDoc,
    /// How sure it is that the first row is more than the luck of a large catalog, 0 to 1: the
    /// chance that the best of as many unrelated tracks would be less close. Unrelated tracks
    /// are taken to be as close as a sample of this catalog, normally distributed. Not yet
    /// calibrated against what people pick.
    pub confidence: f64,
    /// Where the time went.
    pub timings_ms: TimingsDoc,
    /// The tracks, best first.
    pub results: Vec<ResultDoc>,
    /// What the user should be told beside the answer; not part of the document.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

/// The clip of a match.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClipDoc {
    /// The file, as it was given.
    pub path: PathBuf,
    /// Length of the whole clip in seconds.
    pub duration_s: f64,
    /// In and out in seconds.
    pub range_s: [f64; 2],
    /// Sampling times, one a second.
    pub frames: usize,
}

/// Where the time went, as the thread that answers saw it, in milliseconds. Decoding, embedding
/// and opening the catalog run side by side; what counts here is what held the answer up, so the
/// five add up to `total`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TimingsDoc {
    /// Waiting for frames that were not decoded yet.
    pub sample: f64,
    /// Loading the frame encoder and embedding.
    pub embed: f64,
    /// Loading the projector and projecting.
    pub project: f64,
    /// Waiting for catalog and brief text, searching, and reading the candidates.
    pub search: f64,
    /// Ranking, reasons, and choosing where each track starts.
    pub rerank: f64,
    /// All of it.
    pub total: f64,
}

impl TimingsDoc {
    pub(super) fn new(sample: f64, embed: f64, project: f64, search: f64, rerank: f64) -> Self {
        let parts = [sample, embed, project, search, rerank].map(|ms| rounded(ms, 1));
        let [sample, embed, project, search, rerank] = parts;
        let total = rounded(parts.iter().sum(), 1);
        Self {
            sample,
            embed,
            project,
            search,
            rerank,
            total,
        }
    }
}

/// What the music should be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BriefDoc {
    /// Tempo asked for (the middle of the range), else the picture's own, else `null`.
    pub tempo_bpm: Option<f64>,
    /// How sure the tempo is, 0 to 1.
    pub tempo_confidence: f64,
    /// `major`, `minor` or `null`.
    pub mode: Option<&'static str>,
    /// Shares of the four moods.
    pub mood: Option<MoodDoc>,
    /// The largest of them.
    pub mood_label: Option<&'static str>,
    /// The brief in words.
    pub text: Option<String>,
}

impl From<&Brief> for BriefDoc {
    fn from(brief: &Brief) -> Self {
        let tempo = brief.tempo;
        Self {
            tempo_bpm: tempo.map(|t| rounded(f64::from(t.bpm), 1)),
            tempo_confidence: tempo.map_or(0.0, |t| rounded(f64::from(t.confidence), 3)),
            mode: brief.mode.map(needledrop_ranking::Mode::as_str),
            mood: brief.mood.as_ref().map(MoodDoc::from),
            mood_label: brief.mood.as_ref().map(Mood::label),
            text: brief.text.clone(),
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultDoc {
    /// Place, from 1.
    pub rank: usize,
    /// The track.
    #[serde(flatten)]
    pub track: TrackDoc,
    /// Weighted mean of the scores, 0 to 1.
    pub score: f64,
    /// The four scores.
    pub scores: ScoresDoc,
    /// The reasons that moved it most.
    pub why: String,
}

impl ResultDoc {
    pub(super) fn new(row: &Ranked<'_>, track: TrackDoc, weights: &Weights) -> Self {
        Self {
            rank: row.rank,
            track,
            score: rounded(row.score, 4),
            scores: ScoresDoc {
                visual: rounded(row.scores.visual, 4),
                tempo: rounded(row.scores.tempo, 4),
                tags: rounded(row.scores.tags, 4),
                key: rounded(row.scores.key, 4),
            },
            why: row.why(weights),
        }
    }
}

/// The four scores of a row, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the four terms are their own names")]
pub struct ScoresDoc {
    pub visual: f64,
    pub tempo: f64,
    pub tags: f64,
    pub key: f64,
}
