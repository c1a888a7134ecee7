//! From terms to rows.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::brief::Brief;
use crate::candidate::Candidate;
use crate::diverse;
use crate::terms::{key, tags::Tags, tempo, visual::Visual};
use crate::weights::Weights;

/// One row of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked<'a> {
    /// Place, from 1.
    pub rank: usize,
    /// The track.
    pub candidate: &'a Candidate,
    /// Weighted mean of the four scores, 0 to 1.
    pub score: f64,
    /// The four scores.
    pub scores: Scores,
    /// Why each of them is what it is.
    pub reasons: Reasons,
}

/// The four terms of a score, each 0 to 1, 0.5 where nothing is known.
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
}

impl Scores {
    fn weighted(&self, weights: &Weights) -> f64 {
        let [visual, tempo, tags, key] = weights.shares();
        visual * self.visual + tempo * self.tempo + tags * self.tags + key * self.key
    }
}

/// The four scores in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reasons {
    /// Why the visual score is what it is.
    pub visual: String,
    /// Why the tempo score is what it is.
    pub tempo: String,
    /// Why the tags score is what it is.
    pub tags: String,
    /// Why the key score is what it is.
    pub key: String,
}

impl Ranked<'_> {
    /// One sentence for a table: the terms that moved the score away from neutral, the one that
    /// moved it most first, at most two.
    pub fn why(&self, weights: &Weights) -> String {
        let [visual, tempo, tags, key] = weights.shares();
        let mut parts = [
            (visual * (self.scores.visual - 0.5), &self.reasons.visual),
            (tempo * (self.scores.tempo - 0.5), &self.reasons.tempo),
            (tags * (self.scores.tags - 0.5), &self.reasons.tags),
            (key * (self.scores.key - 0.5), &self.reasons.key),
        ];
        parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let said: Vec<&str> = parts
            .iter()
            .filter(|(moved, _)| moved.abs() > 1e-3)
            .take(2)
            .map(|(_, reason)| reason.as_str())
            .collect();
        if said.is_empty() {
            return self.reasons.visual.clone();
        }
        said.join("; ")
    }
}

/// The `top` best of the candidates for a brief, best first.
///
/// The result depends on the set of candidates alone: calibration uses order statistics of the
/// set, equal scores are ordered by id (then by title, artist and length, so that even
/// carelessly repeated ids cannot make the order depend on the input's). Recordings offered
/// twice (same title, artist and length within a second) keep their best row only, and of
/// near-duplicates ([`Candidate::kin`]) at most [`crate::MOST_KIN`] are listed where others fill
/// the rest.
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
            };
            (scores.weighted(weights), scores, candidate)
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
                reasons: Reasons {
                    visual: visual.reason(candidate),
                    tempo: tempo::reason(brief, candidate),
                    tags: tags.reason(candidate),
                    key: key::reason(brief, candidate),
                },
            }
        })
        .collect()
}

fn identity(a: &Candidate, b: &Candidate) -> Ordering {
    let length = |c: &Candidate| c.duration_s.unwrap_or(-1.0);
    a.id.cmp(&b.id)
        .then_with(|| a.title.cmp(&b.title))
        .then_with(|| a.artist.cmp(&b.artist))
        .then_with(|| length(a).total_cmp(&length(b)))
}

/// Recordings met so far.
#[derive(Default)]
struct Recordings<'a>(BTreeMap<(&'a str, &'a str), Vec<f64>>);

impl<'a> Recordings<'a> {
    /// False for a recording that was met before: same title, artist and length.
    fn is_new(&mut self, candidate: &'a Candidate) -> bool {
        let length = candidate.duration_s.filter(|s| s.is_finite());
        let (Some(length), false) = (length, candidate.title.is_empty()) else {
            return true;
        };
        let name = (candidate.title.as_str(), candidate.artist.as_str());
        let met = self.0.entry(name).or_default();
        let new = met.iter().all(|other| (other - length).abs() > 1.0);
        if new {
            met.push(length);
        }
        new
    }
}
