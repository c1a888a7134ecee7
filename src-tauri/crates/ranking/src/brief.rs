//! The brief: the wanted properties of the music.

use crate::calibration::Calibration;
use crate::music::{Key, Mode};

/// The wanted properties of the music. Its vector in the audio space is not among them, because the search for
/// candidates has used it already. An unknown property is `None`, and its term is neutral.
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    /// Tempo of the cuts and hits of the picture.
    pub tempo: Option<PulseTempo>,
    /// Tempo that the user asked for, lowest and highest BPM. It takes precedence over [`Brief::tempo`].
    pub bpm_range: Option<(f32, f32)>,
    /// Mode that suits the picture's valence.
    pub mode: Option<Mode>,
    /// Confidence of the mode, 0 to 1.
    pub mode_confidence: f32,
    /// Mood of the picture, from its content, light and motion.
    pub mood: Option<Mood>,
    /// Tags wanted (positive weight) and unwanted (negative weight).
    pub tags: Vec<TagWish>,
    /// Key that the user asked for.
    pub key: Option<Key>,
    /// Key of a reference track, such as the cue before this one. Nearby keys score higher.
    pub reference_key: Option<Key>,
    /// The brief in words, as typed. The ranking reads not these but [`crate::Candidate::text_cosine`], which the caller
    /// computes from them.
    pub text: Option<String>,
    /// Share of [`crate::Obedience::score`] in the score of a candidate, 0 to 1; the four terms have the rest.
    pub obedience_share: f32,
    /// The words refuse something: candidates that clearly carry it are listed below all others.
    pub refuses: bool,
    /// Share of the range with speech, 0 to 1.
    pub speech: f32,
    /// Log odds that a person prefers a track whose cosine to the picture is one spread higher
    /// ([`Calibration::slope`], fitted to people's choices). A value that is not above 0 counts as
    /// [`Calibration::UNKNOWN_SLOPE`].
    pub visual_slope: f32,
}

impl Default for Brief {
    /// No wishes, and a pack without calibration.
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
            obedience_share: 0.0,
            refuses: false,
            speech: 0.0,
            visual_slope: Calibration::UNKNOWN_SLOPE,
        }
    }
}

impl Brief {
    /// [`Brief::visual_slope`], replaced by the default unless it is above 0.
    pub(crate) fn slope(&self) -> f64 {
        let slope = f64::from(self.visual_slope);
        if slope.is_finite() && slope > 0.0 {
            slope
        } else {
            f64::from(Calibration::UNKNOWN_SLOPE)
        }
    }

    /// [`Brief::obedience_share`], clamped to 0 to 1; not-a-number counts as 0.
    pub(crate) fn obedience_share(&self) -> f64 {
        let share = f64::from(self.obedience_share);
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// [`Brief::speech`], clamped to 0 to 1; not-a-number counts as 0.
    pub(crate) fn spoken(&self) -> f64 {
        let share = f64::from(self.speech);
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}

/// A tempo that was estimated from the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PulseTempo {
    /// Tempo in beats per minute.
    pub bpm: f32,
    /// From 0 to 1; at 0 the tempo has no effect.
    pub confidence: f32,
}

/// Shares of four moods, which add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mood {
    /// Share of driving, tense or energetic music.
    pub action: f32,
    /// Share of sorrowful music.
    pub sad: f32,
    /// Share of joyful music.
    pub happy: f32,
    /// Share of restful music.
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

    /// Name of the largest share; the first of equal ones.
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

    /// Pleasantness from -1 to 1: happy + calm / 2 - sad - action / 2.
    ///
    /// The signs follow the valence axis of Russell's circumplex (1980): calm is pleasant and tension unpleasant, both
    /// less so than joy and sorrow.
    pub fn valence(&self) -> f32 {
        (self.happy + 0.5 * self.calm - self.sad - 0.5 * self.action).clamp(-1.0, 1.0)
    }

    /// Common share of two moods, 0 to 1: Σ min(a, b), which is 1 minus their total variation distance.
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

/// A wanted or unwanted tag.
#[derive(Clone, Debug, PartialEq)]
pub struct TagWish {
    /// The tag's name; case is ignored.
    pub tag: String,
    /// Above 0 for a wanted tag, below 0 for an unwanted one; 1 is the usual size.
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
    fn a_mood_overlaps_itself_by_1_and_its_opposite_by_almost_0() {
        let sad = Mood::from_strengths([0.0, 1.0, 0.0, 0.0], 0.1);
        let happy = Mood::from_strengths([0.0, 0.0, 1.0, 0.0], 0.1);
        assert!((sad.overlap(&sad) - 1.0).abs() < 1e-6);
        assert!(sad.overlap(&happy) < 0.01);
    }
}
