//! Turns the scores of the four terms into an ordered list of rows.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::brief::Brief;
use crate::candidate::Candidate;
use crate::diverse;
use crate::terms::{NEUTRAL, key, tags::Tags, tempo, visual::Visual};
use crate::weights::Weights;
use crate::wishes::Obedience;

/// A candidate with its rank, score and reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked<'a> {
    /// Position in the list, from 1.
    pub rank: usize,
    /// The candidate that was ranked.
    pub candidate: &'a Candidate,
    /// Weighted mean of the four scores, blended with the obedience to the words, 0 to 1.
    pub score: f64,
    /// The score of each term.
    pub scores: Scores,
    /// [`Brief::obedience_share`] of this candidate: 0 without measurable words.
    pub obedience_share: f64,
    /// A reason for each of them.
    pub reasons: Reasons,
}

/// The scores of the four terms, each 0 to 1; 0.5 for a term without data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Fit to the picture.
    pub visual: f64,
    /// Fit of the tempo.
    pub tempo: f64,
    /// Fit of tags, mood and text.
    pub tags: f64,
    /// Fit of mode and key.
    pub key: f64,
    /// Obedience to the measurable words; `None` for a brief without such words.
    pub words: Option<f64>,
}

impl Scores {
    fn weighted(&self, weights: &Weights) -> f64 {
        let [visual, tempo, tags, key] = weights.shares();
        visual * self.visual + tempo * self.tempo + tags * self.tags + key * self.key
    }
}

/// The reasons of the four scores, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reasons {
    /// Compares the track with the picture.
    pub visual: String,
    /// Compares its tempo and beats with the cuts.
    pub tempo: String,
    /// Compares its tags, mood and voices with the brief.
    pub tags: String,
    /// Compares its key and mode with the brief.
    pub key: String,
    /// What became of each measurable word; `None` for a brief without such words.
    pub words: Option<String>,
}

impl Ranked<'_> {
    /// One sentence for a table: the reasons of the two terms that moved the score most from neutral, the stronger one
    /// first.
    pub fn why(&self, weights: &Weights) -> String {
        let [visual, tempo, tags, key] = weights.shares().map(|w| w * (1.0 - self.obedience_share));
        let mut parts = vec![
            (visual * (self.scores.visual - 0.5), &self.reasons.visual),
            (tempo * (self.scores.tempo - 0.5), &self.reasons.tempo),
            (tags * (self.scores.tags - 0.5), &self.reasons.tags),
            (key * (self.scores.key - 0.5), &self.reasons.key),
        ];
        if let (Some(score), Some(reason)) = (self.scores.words, &self.reasons.words) {
            parts.push((self.obedience_share * (score - 0.5), reason));
        }
        parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let reasons: Vec<&str> = parts
            .iter()
            .filter(|(moved, _)| moved.abs() > 1e-3)
            .take(2)
            .map(|(_, reason)| reason.as_str())
            .collect();
        if reasons.is_empty() {
            return self.reasons.visual.clone();
        }
        reasons.join("; ")
    }
}

/// The `top` best candidates for a brief, best first.
///
/// The result depends only on the set of candidates: calibration uses order statistics of the set, and equal scores are
/// ordered by id, then by title, artist and length, in case ids are repeated. A recording that occurs twice (same title,
/// artist, and length within a second) keeps its best row. At most [`crate::MOST_KIN`] near-duplicates
/// ([`Candidate::kin`]) are listed, unless there are not enough other tracks.
pub fn rank<'a>(
    brief: &Brief,
    candidates: impl IntoIterator<Item = &'a Candidate>,
    weights: &Weights,
    top: usize,
) -> Vec<Ranked<'a>> {
    let candidates: Vec<&Candidate> = candidates.into_iter().collect();
    let visual = Visual::new(brief, &candidates);
    let tags = Tags::new(brief, &candidates);
    let mut scored: Vec<(f64, Scores, &Candidate)> = candidates
        .into_iter()
        .map(|candidate| {
            let scores = Scores {
                visual: visual.score(candidate),
                tempo: tempo::score(brief, candidate),
                tags: tags.score(candidate),
                key: key::score(brief, candidate),
                words: candidate.obedience.as_ref().map(|found| found.score),
            };
            (score(brief, candidate, &scores, weights), scores, candidate)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| identity(a.2, b.2)));

    let mut distinct: Vec<(f64, Scores, &Candidate)> = Vec::with_capacity(scored.len());
    let mut recordings = Recordings::default();
    for row in scored {
        if recordings.is_new(row.2) {
            distinct.push(row);
        }
    }
    let best_first: Vec<&Candidate> = distinct.iter().map(|row| row.2).collect();
    let listed = diverse::listed(&best_first, top).into_iter().enumerate();
    listed
        .map(|(before, at)| {
            let (score, scores, candidate) = distinct[at];
            Ranked {
                rank: before + 1,
                candidate,
                score,
                scores,
                obedience_share: obedience_share(brief, candidate),
                reasons: Reasons {
                    visual: visual.reason(candidate),
                    tempo: tempo::reason(brief, candidate),
                    tags: tags.reason(candidate),
                    key: key::reason(brief, candidate),
                    words: candidate
                        .obedience
                        .as_ref()
                        .map(|found| found.reason.clone()),
                },
            }
        })
        .collect()
}

/// The four terms by their weights, blended with the obedience to the words. What is refused lies below all else.
fn score(brief: &Brief, candidate: &Candidate, scores: &Scores, weights: &Weights) -> f64 {
    let share = obedience_share(brief, candidate);
    let obedience = scores.words.unwrap_or(NEUTRAL);
    let score = (1.0 - share) * scores.weighted(weights) + share * obedience;
    let refused = candidate.obedience.as_ref().is_some_and(|o| o.refused);
    if brief.refuses {
        Obedience::held_apart(score, refused)
    } else {
        score
    }
}

fn obedience_share(brief: &Brief, candidate: &Candidate) -> f64 {
    let known = candidate.obedience.as_ref();
    known.map_or(0.0, |_| brief.obedience_share())
}

fn identity(a: &Candidate, b: &Candidate) -> Ordering {
    let length = |c: &Candidate| c.duration_s.unwrap_or(-1.0);
    a.id.cmp(&b.id)
        .then_with(|| a.title.cmp(&b.title))
        .then_with(|| a.artist.cmp(&b.artist))
        .then_with(|| length(a).total_cmp(&length(b)))
}

/// The recordings that are in the list already: lengths in seconds by title and artist.
#[derive(Default)]
struct Recordings<'a>(BTreeMap<(&'a str, &'a str), Vec<f64>>);

impl<'a> Recordings<'a> {
    /// Whether no earlier candidate has the same title, artist and length, to a second.
    fn is_new(&mut self, candidate: &'a Candidate) -> bool {
        let length = candidate.duration_s.filter(|s| s.is_finite());
        let (Some(length), false) = (length, candidate.title.is_empty()) else {
            return true;
        };
        let name = (candidate.title.as_str(), candidate.artist.as_str());
        let lengths = self.0.entry(name).or_default();
        let new = lengths.iter().all(|other| (other - length).abs() > 1.0);
        if new {
            lengths.push(length);
        }
        new
    }
}
