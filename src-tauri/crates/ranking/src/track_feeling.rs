//! Arousal and valence of a track, from what a catalog stores of it. Pure.
//!
//! Both follow what listeners hear in music (P. Juslin & P. Laukka, *Expression, perception, and induction of musical
//! emotions*, JNMR 2004; A. Gabrielsson & E. Lindström, *The role of structure in the musical expression of emotions*,
//! 2010): arousal rises with loudness, density, brightness and tempo; valence with the major mode and the tempo. Social
//! tags carry both (P. Saari & T. Eerola, *Semantic computing of moods based on social media tags for music*, IEEE TKDE
//! 2014), so each tag of [`TAGS`] has a direction. `training/feel/fit.py` measures the other constants.

mod tags;

use crate::music::Mode;
use crate::terms::{log_odds, logistic};
use crate::track_analysis::{KeyEstimate, Tempo};
use tags::TAGS;

/// Number of tags, the strongest ones, that count: as many as a catalog stores.
pub const TAGS_THAT_COUNT: usize = 50;

/// The measured numbers of a track that its energy and valence are computed from. `None` and empty mean unknown.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrackSound<'a> {
    /// Loudness, onsets, brightness and tempo in one number, 0 to 1: [`crate::Character::intensity`].
    pub intensity: Option<f32>,
    /// Tempo, where there is a pulse.
    pub tempo: Option<&'a Tempo>,
    /// Key, where the track is tonal.
    pub key: Option<KeyEstimate>,
    /// Tags with scores from 0 to 1, highest first; those beyond [`TAGS_THAT_COUNT`] do not count.
    pub tags: &'a [(String, f32)],
}

/// Mean and standard deviation over 131 tracks of 25 freely licensed sources, each source with the same weight.
type Usual = (f64, f64);

/// Log odds of the intensity.
const INTENSITY: Usual = (0.75, 1.94);
/// Sum of the tags' arousal, each times its score.
const AROUSAL: Usual = (1.49, 2.69);
/// Sum of the tags' valence, each times its score.
const VALENCE: Usual = (0.20, 1.16);
/// Root of the key's confidence: above 0 for major, below 0 for minor.
const MODE: Usual = (-0.10, 0.72);
/// Octaves of the tempo above 120 BPM, times its confidence.
const TEMPO: Usual = (0.03, 0.25);

/// Weights of intensity and tags in the energy, of tags, mode and tempo in the valence. They are round numbers: weights
/// fitted to labels of valence and arousal do no better on sources left out (docs/MATCHING.md).
const ENERGY_OF: [f64; 2] = [1.0, 1.0];
const VALENCE_OF: [f64; 3] = [1.0, 0.5, 0.25];
/// Standard deviations of these sums over the same tracks.
const ENERGY_SPREAD: f64 = 1.92;
const VALENCE_SPREAD: f64 = 1.17;

/// Logistic of 1.702 deviations is the share of a normal distribution below them, to within 0.01 (A. Birnbaum, 1968).
const TO_SHARE: f64 = 1.702;
const TEMPO_BPM: f64 = 120.0;
const LEAST_INTENSITY: f64 = 0.01;

impl TrackSound<'_> {
    /// Arousal from 0 (calm) to 1 (excited): the share of music in general that is calmer. 0.5 where nothing is known.
    pub fn energy(&self) -> f32 {
        let intensity = self.intensity.filter(|share| share.is_finite());
        let intensity = intensity.map(|share| log_odds(f64::from(share), LEAST_INTENSITY));
        let said = self.said(|tag| tag.arousal);
        let sum = weighted(&ENERGY_OF, [(intensity, INTENSITY), (said, AROUSAL)]);
        let spread = said.map_or(ENERGY_OF[0], |_| ENERGY_SPREAD);
        logistic(TO_SHARE * sum / spread) as f32
    }

    /// Valence from 0 (unpleasant) to 1 (pleasant): the share of music in general that is less pleasant. `None` where
    /// neither key nor tags are known.
    pub fn valence(&self) -> Option<f32> {
        let said = self.said(|tag| tag.valence);
        let mode = self.key.map(|estimate| {
            let root = f64::from(estimate.confidence.clamp(0.0, 1.0)).sqrt();
            match estimate.key.mode() {
                Mode::Major => root,
                Mode::Minor => -root,
            }
        });
        if said.is_none() && mode.is_none() {
            return None;
        }
        let tempo = self.tempo.filter(|tempo| tempo.bpm > 0.0).map(|tempo| {
            let octaves = (f64::from(tempo.bpm) / TEMPO_BPM).log2();
            octaves * f64::from(tempo.confidence.clamp(0.0, 1.0))
        });
        let sum = weighted(&VALENCE_OF, [(said, VALENCE), (mode, MODE), (tempo, TEMPO)]);
        Some(logistic(TO_SHARE * sum / VALENCE_SPREAD) as f32)
    }

    /// Sum of what the tags say, each times its score; `None` without tags.
    fn said(&self, of: impl Fn(&tags::TagFeeling) -> f64) -> Option<f64> {
        if self.tags.is_empty() {
            return None;
        }
        let scores = self.tags.iter().take(TAGS_THAT_COUNT);
        let known = scores.filter(|(_, score)| score.is_finite());
        Some(
            known
                .filter_map(|(name, score)| {
                    let tag = TAGS
                        .iter()
                        .find(|tag| tag.name.eq_ignore_ascii_case(name))?;
                    Some(of(tag) * f64::from(score.clamp(0.0, 1.0)))
                })
                .sum(),
        )
    }
}

/// Weighted sum of numbers in deviations from the usual; an unknown one counts as usual.
fn weighted<const N: usize>(weights: &[f64; N], numbers: [(Option<f64>, Usual); N]) -> f64 {
    let terms = weights.iter().zip(numbers);
    terms
        .map(|(weight, (number, (mean, spread)))| {
            number.map_or(0.0, |number| weight * (number - mean) / spread)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Key;

    fn tags(of: &[(&str, f32)]) -> Vec<(String, f32)> {
        of.iter()
            .map(|&(tag, score)| (tag.to_owned(), score))
            .collect()
    }

    fn key(mode: Mode, confidence: f32) -> Option<KeyEstimate> {
        Some(KeyEstimate {
            key: Key::new(0, mode),
            confidence,
            tuning_cents: 0.0,
        })
    }

    #[test]
    fn the_mode_alone_does_not_decide_the_valence() {
        let (funk, metal) = (
            tags(&[("funk", 0.7), ("happy", 0.5)]),
            tags(&[("metal", 0.8), ("loud", 0.6)]),
        );
        let valence = |mode, tags| {
            let sound = TrackSound {
                key: key(mode, 0.6),
                tags,
                ..TrackSound::default()
            };
            sound.valence().unwrap()
        };
        assert!(valence(Mode::Minor, &funk) > valence(Mode::Major, &metal));
        assert!(valence(Mode::Major, &metal) > valence(Mode::Minor, &metal));
    }

    #[test]
    fn valence_rises_with_a_surer_major_a_quicker_tempo_and_pleasant_tags() {
        let of = |major, bpm, happy| {
            let tempo = Tempo {
                bpm,
                confidence: 1.0,
                ..Tempo::default()
            };
            let sound = TrackSound {
                key: key(Mode::Major, major),
                tempo: Some(&tempo),
                tags: &tags(&[("happy", happy)]),
                ..TrackSound::default()
            };
            sound.valence().unwrap()
        };
        let plain = of(0.2, 120.0, 0.2);
        assert!(of(0.8, 120.0, 0.2) > plain, "a surer major");
        assert!(of(0.2, 160.0, 0.2) > plain, "a quicker tempo");
        assert!(of(0.2, 120.0, 0.8) > plain, "a happier tag");
    }

    #[test]
    fn energy_rises_with_intensity_and_arousing_tags() {
        let of = |intensity, loud| {
            let sound = TrackSound {
                intensity: Some(intensity),
                tags: &tags(&[("loud", loud)]),
                ..TrackSound::default()
            };
            sound.energy()
        };
        let shares = [of(0.0, 0.5), of(0.3, 0.5), of(0.7, 0.5), of(1.0, 0.5)];
        assert!(shares.is_sorted_by(|a, b| a < b), "{shares:?}");
        assert!(of(0.5, 0.9) > of(0.5, 0.1));
    }

    #[test]
    fn nothing_known_is_neutral() {
        assert_eq!(TrackSound::default().energy(), 0.5);
        assert_eq!(TrackSound::default().valence(), None);
        let mute = TrackSound {
            tags: &tags(&[("happy", f32::NAN)]),
            intensity: Some(f32::NAN),
            ..TrackSound::default()
        };
        assert!((0.0..=1.0).contains(&mute.energy()));
        assert!(
            mute.valence()
                .is_some_and(|share| (0.0..=1.0).contains(&share))
        );
    }

    #[test]
    fn tags_beyond_those_that_a_catalog_stores_do_not_count() {
        let mut all = tags(&[("guitar", 0.5); TAGS_THAT_COUNT]);
        let energy = |tags: &[(String, f32)]| {
            TrackSound {
                tags,
                ..TrackSound::default()
            }
            .energy()
        };
        let before = energy(&all);
        all.push(("loud".to_owned(), 0.4));
        assert_eq!(energy(&all), before);
    }

    #[test]
    fn every_tag_stands_once_and_within_its_range() {
        for (at, tag) in TAGS.iter().enumerate() {
            let twice = TAGS[..at]
                .iter()
                .any(|t| t.name.eq_ignore_ascii_case(tag.name));
            assert!(!twice, "{}", tag.name);
            assert!(
                tag.arousal.abs() <= 1.0 && tag.valence.abs() <= 1.0,
                "{}",
                tag.name
            );
        }
    }
}
