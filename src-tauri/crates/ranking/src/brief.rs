//! What the music should be.

use crate::calibration::Calibration;
use crate::music::{Key, Mode};

/// What the music should be, apart from its place in the audio space, which has already been
/// used to find the candidates. Whatever is unknown stays `None` and makes its term neutral.
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    /// Tempo of the picture's own pulse.
    pub tempo: Option<PulseTempo>,
    /// Tempo asked for, lowest and highest BPM. It takes precedence over [`Brief::tempo`].
    pub bpm_range: Option<(f32, f32)>,
    /// Mode that suits the picture's valence.
    pub mode: Option<Mode>,
    /// How sure the mode is, 0 to 1.
    pub mode_confidence: f32,
    /// Mood of the picture.
    pub mood: Option<Mood>,
    /// Tags wanted (positive weight) and unwanted (negative weight).
    pub tags: Vec<TagWish>,
    /// Key asked for by name.
    pub key: Option<Key>,
    /// Key of the cue before this one, which the choice should follow smoothly.
    pub reference_key: Option<Key>,
    /// The brief in words, as it was given. Its meaning reaches the ranking through
    /// [`crate::Candidate::text_cosine`].
    pub text: Option<String>,
    /// Share of the range in which somebody speaks, 0 to 1.
    pub speech: f32,
    /// How much one spread of the picture's cosines tells of what people choose, as log odds;
    /// fitted to people's choices where there are any for the pack
    /// ([`Calibration::slope`]). What is not above 0 counts as
    /// [`Calibration::UNKNOWN_SLOPE`].
    pub visual_slope: f32,
}

impl Default for Brief {
    /// Nothing asked for, of a pack that nothing is known of.
    fn default() -> Self {
        Self {
            tempo: None,
            bpm_range: None,
            mode: None,
            mode_confidence: 0.0,
            mood: None,
            tags: Vec::new(),
            key: None,
            reference_key: None,
            text: None,
            speech: 0.0,
            visual_slope: Calibration::UNKNOWN_SLOPE,
        }
    }
}

impl Brief {
    /// [`Brief::visual_slope`], above 0.
    pub(crate) fn slope(&self) -> f64 {
        let slope = f64::from(self.visual_slope);
        if slope.is_finite() && slope > 0.0 {
            slope
        } else {
            f64::from(Calibration::UNKNOWN_SLOPE)
        }
    }

    /// [`Brief::speech`], held between 0 and 1.
    pub(crate) fn spoken(&self) -> f64 {
        let share = f64::from(self.speech);
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}

/// A tempo that was estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PulseTempo {
    /// Beats per minute.
    pub bpm: f32,
    /// How sure it is, 0 to 1; at 0 the tempo has no effect.
    pub confidence: f32,
}

/// Shares of four moods, which add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mood {
    /// Driving, tense, energetic.
    pub action: f32,
    /// Sorrowful.
    pub sad: f32,
    /// Joyful.
    pub happy: f32,
    /// Restful.
    pub calm: f32,
}

impl Mood {
    /// The four names, in the order of [`Mood::shares`].
    pub const NAMES: [&'static str; 4] = ["action", "sad", "happy", "calm"];

    /// Shares from four strengths of any scale: softmax(strength / `temperature`).
    pub fn from_strengths(strengths: [f32; 4], temperature: f32) -> Self {
        let top = strengths.iter().copied().fold(f32::MIN, f32::max);
        let scaled = strengths.map(|s| ((s - top) / temperature.max(f32::EPSILON)).exp());
        let sum: f32 = scaled.iter().sum();
        let [action, sad, happy, calm] = scaled.map(|s| s / sum);
        Self {
            action,
            sad,
            happy,
            calm,
        }
    }

    /// The shares in the order action, sad, happy, calm.
    pub fn shares(&self) -> [f32; 4] {
        [self.action, self.sad, self.happy, self.calm]
    }

    /// Name of the largest share; the earlier one where two are equal.
    pub fn label(&self) -> &'static str {
        let shares = self.shares();
        let mut best = 0;
        for (at, share) in shares.iter().enumerate() {
            if *share > shares[best] {
                best = at;
            }
        }
        Self::NAMES[best]
    }

    /// Pleasantness from -1 to 1: happy and half of calm, less sad and half of action.
    ///
    /// Signs follow the valence axis of Russell's circumplex (1980), where calm lies on the
    /// pleasant side and tension on the unpleasant one, both weaker than joy and sorrow.
    pub fn valence(&self) -> f32 {
        (self.happy + 0.5 * self.calm - self.sad - 0.5 * self.action).clamp(-1.0, 1.0)
    }

    /// Share that two moods have in common, 0 to 1: Σ min(a, b), one less their total variation.
    pub fn overlap(&self, other: &Mood) -> f32 {
        let shared: f32 = self
            .shares()
            .iter()
            .zip(other.shares())
            .map(|(a, b)| a.min(b))
            .sum();
        shared.clamp(0.0, 1.0)
    }
}

/// A tag that the music should or should not carry.
#[derive(Clone, Debug, PartialEq)]
pub struct TagWish {
    /// The tag; upper and lower case are the same.
    pub tag: String,
    /// How much it matters: above 0 wanted, below 0 unwanted.
    pub weight: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mood_shares_add_up_and_the_strongest_names_it() {
        let mood = Mood::from_strengths([0.1, 0.4, 0.2, 0.3], 0.05);
        let sum: f32 = mood.shares().iter().sum();
        assert!((sum - 1.0).abs() < 1e-5, "shares add up to 1, got {sum}");
        assert_eq!(mood.label(), "sad");
        assert!(mood.valence() < 0.0, "sadness is unpleasant");
    }

    #[test]
    fn a_mood_overlaps_itself_wholly_and_its_opposite_hardly() {
        let sad = Mood::from_strengths([0.0, 1.0, 0.0, 0.0], 0.1);
        let happy = Mood::from_strengths([0.0, 0.0, 1.0, 0.0], 0.1);
        assert!((sad.overlap(&sad) - 1.0).abs() < 1e-6);
        assert!(sad.overlap(&happy) < 0.01);
    }
}
