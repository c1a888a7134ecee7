//! How far a track obeys the wishes of a brief.

use super::fit;
use super::population::{Population, Tagged};
use super::wish::{Measure, Stance, Wish};
use crate::terms::{NEUTRAL, doubt, finite};

/// Scores of wishes are drawn towards neutral to this and 1 minus this in the geometric mean, so that one missed wish
/// leaves an order among the others.
const LEAST: f64 = 0.05;
/// A track clearly carries a refused tag from this activation and percentile on. 0.1 is the score from which filters
/// take a track as tagged.
const CARRIED: (f32, f32) = (0.1, 0.5);
/// Share of voices from which a track counts as sung.
const SUNG: f64 = 0.5;
/// A wish is met from the first score on, and missed up to the second.
const MET: f64 = 0.6;
const MISSED: f64 = 0.4;
/// Part of the scale that is left to tracks that carry what is refused.
const APART: f64 = 0.1;

/// How far a track obeys the words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Obedience {
    /// Weighted geometric mean of the wishes' scores, 0.05 to 0.95; 0.5 where nothing is known.
    pub score: f64,
    /// It clearly carries what is refused.
    pub refused: bool,
    /// What became of each wish, in words.
    pub reason: String,
}

impl Obedience {
    /// A score with the tracks apart that carry what is refused: theirs from 0 to 0.1, all others from 0.1 to 1. Used
    /// only for a brief that refuses something, so that other scores stay as they are.
    pub fn held_apart(score: f64, refused: bool) -> f64 {
        if refused {
            APART * score
        } else {
            APART + (1.0 - APART) * score
        }
    }
}

/// Weight of all vague words together, beside [`Wish::weight`]: a measured word counts more than all vague ones.
const VAGUE: f64 = 1.0;

/// One score for words alone: the obedience with its weight ([`Obeying::weight`]) and the fit of the vague words, 0 to 1
/// or `None` without such words, as a weighted geometric mean.
pub fn words_score(obedience: f64, weight: f64, vague: Option<f64>) -> f64 {
    let weight = weight.max(0.0);
    match vague {
        None if weight == 0.0 => NEUTRAL,
        None => obedience,
        Some(vague) => {
            let log = |fit: f64| fit.max(LEAST).ln();
            ((weight * log(obedience) + VAGUE * log(vague)) / (weight + VAGUE)).exp()
        }
    }
}

/// The share of the obedience in the score of a match ([`crate::Brief::obedience_share`]), for words that count
/// `words_share` against the picture, 0 to 1: its root, so that half the words already lead, less the part that is left
/// to vague words.
pub fn obedience_share(words_share: f32, weight: f64, has_vague: bool) -> f32 {
    if weight <= 0.0 {
        return 0.0;
    }
    let vague = if has_vague { 0.5 * VAGUE } else { 0.0 };
    words_share.clamp(0.0, 1.0).sqrt() * (weight / (weight + vague)) as f32
}

/// The wishes of one brief against a population.
pub struct Obeying<'a> {
    population: &'a Population,
    wishes: Vec<(&'a Wish, f64, &'a [Tagged])>,
}

impl<'a> Obeying<'a> {
    /// Wishes for unknown tags and without weight are left out.
    pub fn new(population: &'a Population, wishes: &'a [Wish]) -> Self {
        let read = |wish: &'a Wish| {
            let weight = finite(Some(wish.weight)).filter(|weight| *weight > 0.0)?;
            let tags = match &wish.measure {
                Measure::Tags(group) if !population.has_tags(group) => return None,
                Measure::Tags(group) => population.tags(group),
                _ => &[],
            };
            Some((wish, weight, tags))
        };
        Self {
            population,
            wishes: wishes.iter().filter_map(read).collect(),
        }
    }

    /// Whether nothing measurable is asked for.
    pub fn is_empty(&self) -> bool {
        self.wishes.is_empty()
    }

    /// Whether something is refused, so that [`Obedience::held_apart`] applies.
    pub fn refuses(&self) -> bool {
        self.wishes
            .iter()
            .any(|(wish, ..)| wish.stance == Stance::Refused)
    }

    /// Sum of the weights.
    pub fn weight(&self) -> f64 {
        self.wishes.iter().map(|(_, weight, _)| weight).sum()
    }

    /// Score, 0 to 1, and whether the track clearly carries what is refused.
    pub fn score(&self, at: usize) -> (f64, bool) {
        let (mut sum, mut weights, mut refused) = (0.0, 0.0, false);
        for (wish, weight, tags) in &self.wishes {
            let fit = self.fit(wish, tags, at).unwrap_or(NEUTRAL);
            sum += weight * (LEAST + (1.0 - 2.0 * LEAST) * fit).ln();
            weights += weight;
            refused |= wish.stance == Stance::Refused && self.carries(&wish.measure, tags, at);
        }
        if weights == 0.0 {
            return (NEUTRAL, false);
        }
        ((sum / weights).exp(), refused)
    }

    /// The score with its reason.
    pub fn obedience(&self, at: usize) -> Obedience {
        let (score, refused) = self.score(at);
        let parts: Vec<String> = self
            .wishes
            .iter()
            .map(|(wish, _, tags)| self.reason(wish, tags, at))
            .collect();
        Obedience {
            score,
            refused,
            reason: parts.join("; "),
        }
    }

    fn fit(&self, wish: &Wish, tags: &[Tagged], at: usize) -> Option<f64> {
        let track = self.population.track(at)?;
        let unwanted = wish.stance != Stance::Wanted;
        Some(match &wish.measure {
            Measure::Tempo { edges, counted } => {
                let bpm = finite(track.bpm).filter(|bpm| *bpm > 0.0)?;
                let fit = if *counted {
                    fit::counted_tempo(bpm, *edges)
                } else {
                    fit::tempo(bpm, *edges)
                };
                doubt(fit, track.bpm_confidence.max(0.0).sqrt())
            }
            Measure::Energy(edges) => fit::share(self.population.energy(at)?, *edges),
            Measure::Valence(edges) => fit::share(self.population.valence(at)?, *edges),
            Measure::Mode(mode) => {
                let fit = f64::from(u8::from(track.mode? == *mode));
                doubt(fit, track.key_confidence.max(0.0).sqrt())
            }
            Measure::Tags(_) => {
                let percentile = f64::from(tags.get(at)?.at);
                if unwanted {
                    fit::untagged(percentile)
                } else {
                    fit::tagged(percentile)
                }
            }
            Measure::Voices => {
                let (share, percentile) = (finite(track.vocal)?, self.population.vocal(at)?);
                if unwanted {
                    fit::instrumental(share, percentile)
                } else {
                    fit::sung(share, percentile)
                }
            }
        })
    }

    fn carries(&self, measure: &Measure, tags: &[Tagged], at: usize) -> bool {
        match measure {
            Measure::Tags(_) => tags
                .get(at)
                .is_some_and(|tag| tag.activation >= CARRIED.0 && tag.at >= CARRIED.1),
            Measure::Voices => self
                .population
                .track(at)
                .and_then(|track| finite(track.vocal))
                .is_some_and(|share| share >= SUNG),
            _ => false,
        }
    }

    fn reason(&self, wish: &Wish, tags: &[Tagged], at: usize) -> String {
        let Some(fit) = self.fit(wish, tags, at) else {
            return format!("{}: not known", wish.text);
        };
        let verdict = match fit {
            fit if fit >= MET => "yes",
            fit if fit <= MISSED => "no",
            _ => "unsure",
        };
        let track = self.population.track(at);
        let found = match &wish.measure {
            Measure::Tempo { .. } => track.and_then(|t| t.bpm).map(|bpm| format!("{bpm:.0} BPM")),
            Measure::Energy(_) => self
                .population
                .energy(at)
                .map(|at| format!("energy above {:.0} % of the catalog", 100.0 * at)),
            Measure::Valence(_) => self
                .population
                .valence(at)
                .map(|at| format!("brighter than {:.0} % of the catalog", 100.0 * at)),
            Measure::Mode(_) => track.and_then(|t| t.mode).map(|mode| mode.to_string()),
            Measure::Tags(_) => tags
                .get(at)
                .map(|tag| format!("more than {:.0} % of the catalog", 100.0 * tag.at)),
            Measure::Voices => track
                .and_then(|t| t.vocal)
                .map(|share| format!("voices in {:.0} %", 100.0 * share)),
        };
        match found {
            Some(found) => format!("{}: {verdict}, {found}", wish.text),
            None => format!("{}: {verdict}", wish.text),
        }
    }
}

#[cfg(test)]
mod tests;
