//! The fit of a track's tags, mood and voices to the brief.
//!
//! A tagger's activations depend on how common a tag is: 0.2 for "rock" may mean less than 0.05 for "ambient". The
//! strength of a tag is therefore the track's percentile among the candidates. The term is a weighted mean of these parts:
//! each wished tag with its own weight, the words with [`TEXT_WEIGHT`], the mood with [`MOOD_WEIGHT`] (low, because the
//! mood is only estimated from the picture), and room for speech with [`ROOM_WEIGHT`] times the share of speech.
//!
//! An unwanted tag also limits the whole term, so that a good mood cannot compensate for it: 1 up to the candidates'
//! median strength of the tag, then falling to 0 at the strongest tenth.

use std::borrow::Borrow;
use std::collections::HashMap;

use super::room::Room;
use super::{NEUTRAL, Scale, finite, percentile};
use crate::brief::{Brief, TagWish};
use crate::candidate::Candidate;

/// Weight of the brief's text beside a tag wish of weight 1.
const TEXT_WEIGHT: f64 = 2.0;
/// Weight of the picture's mood beside a tag wish of weight 1.
const MOOD_WEIGHT: f64 = 0.5;
/// Weight of room for speech beside a tag wish of weight 1, for a clip with speech all the time.
const ROOM_WEIGHT: f64 = 2.5;
/// Percentiles of an unwanted tag at which the limit starts to fall, and at which it reaches 0.
const CARRIED: (f64, f64) = (0.5, 0.9);
/// Smallest spread of text cosines; smaller differences are noise.
const TEXT_FLOOR: f64 = 0.01;

pub(crate) struct Tags<'a> {
    brief: &'a Brief,
    /// Activations of each wished tag over all candidates, sorted; absent if no candidate has the tag.
    activations: HashMap<String, Vec<f64>>,
    text: Option<Scale>,
    room: Room,
}

fn normalized(tag: &str) -> String {
    tag.trim().to_lowercase()
}

/// Whether `name` is the tag `lower`, which is in lower case. It allocates nothing, because every tag of every candidate
/// is compared.
fn is_tag(name: &str, lower: &str) -> bool {
    let name = name.trim();
    if name.is_ascii() {
        return name.eq_ignore_ascii_case(lower);
    }
    name.chars().flat_map(char::to_lowercase).eq(lower.chars())
}

fn activation(candidate: &Candidate, tag: &str) -> f64 {
    candidate
        .tags
        .iter()
        .filter(|(name, score)| score.is_finite() && is_tag(name, tag))
        .map(|(_, score)| f64::from(*score))
        .fold(0.0, f64::max)
}

impl<'a> Tags<'a> {
    pub(crate) fn new(brief: &'a Brief, candidates: &[impl Borrow<Candidate>]) -> Self {
        let mut activations = HashMap::new();
        for wish in &brief.tags {
            let tag = normalized(&wish.tag);
            let activations_of = candidates.iter().map(|c| activation(c.borrow(), &tag));
            let mut all: Vec<f64> = activations_of.collect();
            if all.iter().any(|a| *a != 0.0) {
                all.sort_by(f64::total_cmp);
                activations.insert(tag, all);
            }
        }
        let text = Scale::of(
            candidates
                .iter()
                .filter_map(|c| finite(c.borrow().text_cosine)),
            TEXT_FLOOR,
        );
        Self {
            brief,
            activations,
            text,
            room: Room::new(brief, candidates),
        }
    }

    /// Percentile of the candidate for a wished tag; `None` if no candidate has the tag.
    fn strength(&self, wish: &TagWish, candidate: &Candidate) -> Option<f64> {
        let tag = normalized(&wish.tag);
        let sorted = self.activations.get(&tag)?;
        (!candidate.tags.is_empty()).then(|| percentile(sorted, activation(candidate, &tag)))
    }

    fn text_fit(&self, candidate: &Candidate) -> Option<f64> {
        Some(
            self.text
                .as_ref()?
                .place(finite(candidate.text_cosine)?, 1.0),
        )
    }

    fn mood_fit(&self, candidate: &Candidate) -> Option<f64> {
        let (wanted, found) = (self.brief.mood?, candidate.mood?);
        let overlap = f64::from(wanted.overlap(&found));
        overlap.is_finite().then_some(overlap)
    }

    pub(crate) fn score(&self, candidate: &Candidate) -> f64 {
        let mut sum = 0.0;
        let mut weight = 0.0;
        let mut bound = 1.0_f64;
        for wish in &self.brief.tags {
            if let Some(strength) = self.strength(wish, candidate) {
                let wanted = f64::from(wish.weight);
                if wanted.is_finite() {
                    let fit = if wanted < 0.0 {
                        1.0 - strength
                    } else {
                        strength
                    };
                    sum += wanted.abs() * fit;
                    weight += wanted.abs();
                    if wanted < 0.0 {
                        bound = bound.min(1.0 - wanted.abs().min(1.0) * carried(strength));
                    }
                }
            }
        }
        if let Some(fit) = self.text_fit(candidate) {
            sum += TEXT_WEIGHT * fit;
            weight += TEXT_WEIGHT;
        }
        if let Some(fit) = self.mood_fit(candidate) {
            sum += MOOD_WEIGHT * fit;
            weight += MOOD_WEIGHT;
        }
        if let Some(fit) = self.room.fit(candidate) {
            sum += ROOM_WEIGHT * self.room.spoken() * fit;
            weight += ROOM_WEIGHT * self.room.spoken();
        }
        if weight == 0.0 {
            return NEUTRAL;
        }
        (sum / weight).min(bound).clamp(0.0, 1.0)
    }

    pub(crate) fn reason(&self, candidate: &Candidate) -> String {
        let mut parts = Vec::new();
        for wish in &self.brief.tags {
            let tag = wish.tag.trim();
            parts.push(match self.strength(wish, candidate) {
                None if candidate.tags.is_empty() => format!("{tag}: it has no tags"),
                None => format!("no candidate is tagged {tag}"),
                Some(strength) => {
                    let wanted = if wish.weight < 0.0 { "unwanted " } else { "" };
                    format!("{wanted}{tag}: {}", in_words(strength))
                }
            });
        }
        if let Some(fit) = self.text_fit(candidate) {
            parts.push(format!("the words asked for: {}", in_words(fit)));
        }
        match (self.brief.mood, candidate.mood) {
            (Some(wanted), Some(found)) if wanted.label() == found.label() => {
                parts.push(format!("{} like the picture", found.label()));
            }
            (Some(wanted), Some(found)) => {
                parts.push(format!(
                    "{} where the picture is {}",
                    found.label(),
                    wanted.label()
                ));
            }
            _ => {}
        }
        parts.extend(self.room.reason(candidate).map(str::to_owned));
        if parts.is_empty() {
            return "no mood, tags or words to compare".to_owned();
        }
        parts.join("; ")
    }
}

/// Clearness of an unwanted tag in a track, 0 to 1, from its percentile.
fn carried(strength: f64) -> f64 {
    ((strength - CARRIED.0) / (CARRIED.1 - CARRIED.0)).clamp(0.0, 1.0)
}

fn in_words(strength: f64) -> &'static str {
    match strength {
        s if s >= 0.9 => "among the most",
        s if s >= 0.65 => "more than most",
        s if s >= 0.35 => "about average",
        s if s >= 0.1 => "less than most",
        _ => "among the least",
    }
}

#[cfg(test)]
mod tests;
