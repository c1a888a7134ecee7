//! The mood of tracks and pictures, computed in the audio space.
//!
//! Each mood has a sentence that describes such music. The strength of a mood is the cosine between a vector and the
//! vector of its sentence. Each sentence has its own offset, so the cosines become z-scores relative to the tracks of
//! the catalog. The shares of the moods are the softmax of the four z-scores.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use needledrop_audio::TrackAnalysis;
use needledrop_models::{Pack, Tensors};
use needledrop_ranking::{Mode, Mood};
use needledrop_vision::Feeling;

use crate::error::EngineError;
use crate::music::cached_vectors::cached_vectors;
use crate::music::text::{MusicText, dot};

/// The sentence of each mood, in the order of [`Mood::NAMES`].
const SENTENCES: [&str; 4] = [
    "fast, loud, energetic, driving, tense action music",
    "slow, sad, melancholic, sorrowful music in a minor key",
    "happy, cheerful, upbeat, joyful music in a major key",
    "calm, quiet, soft, relaxing, peaceful ambient music",
];

/// Divides the z-scores before the softmax. At 1, a mood two standard deviations above the others gets about 70 %.
const TEMPERATURE: f32 = 1.0;
/// Expected standard deviation of the cosines, and its weight in tracks: a catalog of a few tracks gives no reliable
/// deviation.
const PRIOR_DEVIATION: f32 = 0.1;
const PRIOR_TRACKS: f32 = 8.0;
/// A valence closer to 0 suggests no mode.
const NEUTRAL_VALENCE: f32 = 0.1;

/// The vectors of the four sentences in one audio space.
#[derive(Clone)]
pub(crate) struct MoodVectors(Vec<Vec<f32>>);

impl MoodVectors {
    /// The vectors of a pack: from its own file, or else from its text tower. They never change, so they are cached in
    /// `cache` and the tower is opened only once.
    pub(crate) fn of(pack: &Pack, cache: &Path) -> Result<MoodVectors, EngineError> {
        let dim = pack.manifest.audio.dim;
        if let Some(file) = &pack.manifest.audio.mood_space {
            let shape = [Some(SENTENCES.len()), Some(dim)];
            let vectors = Tensors::open(&pack.file(file)?)?.take("vectors", &shape)?;
            let rows = vectors.data.chunks_exact(dim).map(<[f32]>::to_vec);
            return Ok(MoodVectors(rows.collect()));
        }
        // Another thread waits until they are made; that is shorter than making them twice.
        static MAKING: Mutex<()> = Mutex::new(());
        let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        let vectors = cached_vectors(pack, cache, "moods", &SENTENCES, |sentences| {
            MusicText::open(pack, 0)?.embed(sentences)
        })?;
        Ok(MoodVectors(vectors))
    }

    fn strengths(&self, vector: &[f32]) -> [f32; 4] {
        let mut strengths = [0.0; 4];
        for (strength, mood) in strengths.iter_mut().zip(&self.0) {
            *strength = dot(vector, mood);
        }
        strengths
    }

    /// The scale relative to `background`, unit vectors of tracks.
    pub(crate) fn against<'a>(self, background: impl Iterator<Item = &'a [f32]>) -> MoodScale {
        let all: Vec<[f32; 4]> = background.map(|v| self.strengths(v)).collect();
        let count = all.len().max(1) as f32;
        let mut mean = [0.0; 4];
        let mut deviation = [0.0; 4];
        for (at, (mean, deviation)) in mean.iter_mut().zip(&mut deviation).enumerate() {
            *mean = all.iter().map(|s| s[at]).sum::<f32>() / count;
            let squares: f32 = all.iter().map(|s| (s[at] - *mean).powi(2)).sum();
            let prior = PRIOR_TRACKS * PRIOR_DEVIATION.powi(2);
            *deviation = ((squares + prior) / (count + PRIOR_TRACKS)).sqrt();
        }
        MoodScale {
            vectors: self,
            mean,
            deviation,
        }
    }
}

/// Weight and clamp of the mood by tags: tags name instruments ("strings", "choir"), not how they are played.
const VECTOR_SHARE: f32 = 0.4;
const MOST_DEVIATIONS: f32 = 1.5;
/// Weight of the mood by energy and mode of the sound.
const SOUND_SHARE: f32 = 1.6;

/// Adds the mood to an analysis. The vector contributes the mood of the tags; the intensity of the sound and the mode
/// of the key contribute the rest.
pub(crate) fn complete(scale: &MoodScale, track: &mut TrackAnalysis) {
    let arousal = 2.0 * track.character.intensity.unwrap_or(0.5) - 1.0;
    let major = track.key.map_or(0.0, |k| {
        let sign = if k.key.mode() == Mode::Major {
            1.0
        } else {
            -1.0
        };
        sign * k.confidence.sqrt()
    });
    let said = scale.standing_out(&track.vector);
    let mood = laid_over(said, VECTOR_SHARE, felt(arousal, major), SOUND_SHARE);
    track.character.mood = Some(mood);
}

/// Strength of each mood at a point of Russell's circumplex (1980): action and happy have high arousal, sad and calm
/// low; happy is pleasant, sad is unpleasant. Arousal and pleasure range from -1 to 1; in music, pleasure is the
/// mode.
fn felt(arousal: f32, pleasure: f32) -> [f32; 4] {
    [
        arousal - 0.2 * pleasure,
        -arousal - 0.6 * pleasure,
        0.5 * arousal + 0.6 * pleasure,
        -arousal,
    ]
}

fn laid_over(said: [f32; 4], said_share: f32, felt: [f32; 4], felt_share: f32) -> Mood {
    let mut strengths = said;
    for (strength, felt) in strengths.iter_mut().zip(felt) {
        let said = strength.clamp(-MOST_DEVIATIONS, MOST_DEVIATIONS);
        *strength = said_share * said + felt_share * felt;
    }
    Mood::from_strengths(strengths, TEMPERATURE)
}

/// Weights of the mood by content of the picture, and of the mood by light and motion.
const SHOWN_SHARE: f32 = 0.7;
const FELT_SHARE: f32 = 1.1;
/// Weights of the valence and arousal of the clip vector beside those of light, motion and cuts. A linear fit to labels
/// spreads less than the labels do, so it is enlarged.
const SHOWN_VALENCE: f32 = 2.0;
const SHOWN_AROUSAL: f32 = 1.5;

/// The mood of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PictureMood {
    pub(crate) mood: Mood,
    /// From -1 (unpleasant) to 1 (pleasant).
    pub(crate) valence: f32,
    /// From -1 (calm) to 1 (excited).
    pub(crate) arousal: f32,
}

/// Combines the mood of the projected clip vector, the valence and arousal of the clip vector itself (`shown`), and those of
/// light, colour, motion and cuts (`moved`).
pub(crate) fn of_picture(
    scale: &MoodScale,
    projected: &[f32],
    shown: Option<Feeling>,
    moved: Feeling,
) -> PictureMood {
    let feeling = shown.map_or(moved, |shown| Feeling {
        valence: (SHOWN_VALENCE * shown.valence + moved.valence).clamp(-1.0, 1.0),
        arousal: (SHOWN_AROUSAL * shown.arousal + moved.arousal).clamp(-1.0, 1.0),
    });
    let said = scale.standing_out(projected);
    let felt = felt(feeling.arousal, feeling.valence);
    let mood = laid_over(said, SHOWN_SHARE, felt, FELT_SHARE);
    let excited = mood.action + 0.5 * mood.happy - mood.calm - 0.5 * mood.sad;
    PictureMood {
        mood,
        valence: (0.6 * mood.valence() + 0.4 * feeling.valence).clamp(-1.0, 1.0),
        arousal: (0.4 * excited + 0.6 * feeling.arousal).clamp(-1.0, 1.0),
    }
}

/// A mood in two letters. The first one is the strongest mood. The second one is the mood of the other axis that is
/// more than twice its opposite (calm or action beside happy and sad; sad or happy beside calm and action), or else
/// the first letter again. An older system labelled its songs so.
pub(crate) fn two_letters(mood: &Mood) -> String {
    let lean = |a: (f32, char), b: (f32, char)| {
        if a.0 > 2.0 * b.0 {
            Some(a.1)
        } else if b.0 > 2.0 * a.0 {
            Some(b.1)
        } else {
            None
        }
    };
    let (first, second) = match mood.label() {
        "happy" => ('H', lean((mood.calm, 'C'), (mood.action, 'A'))),
        "sad" => ('S', lean((mood.calm, 'C'), (mood.action, 'A'))),
        "calm" => ('C', lean((mood.sad, 'S'), (mood.happy, 'H'))),
        _ => ('A', lean((mood.sad, 'S'), (mood.happy, 'H'))),
    };
    [first, second.unwrap_or(first)].iter().collect()
}

/// Computes moods of vectors relative to a background.
#[derive(Clone)]
pub(crate) struct MoodScale {
    vectors: MoodVectors,
    mean: [f32; 4],
    deviation: [f32; 4],
}

impl MoodScale {
    /// The scale relative to music in general; `None` for a pack without that data.
    pub(crate) fn of_pack(pack: &Pack, cache: &Path) -> Result<Option<MoodScale>, EngineError> {
        let Some(calibration) = pack.manifest.audio.mood else {
            return Ok(None);
        };
        Ok(Some(MoodScale {
            vectors: MoodVectors::of(pack, cache)?,
            mean: calibration.mean,
            deviation: calibration.deviation.map(|d| d.max(1e-3)),
        }))
    }

    /// [`MoodScale::of_pack`], or a scale without background for a pack without that data.
    pub(crate) fn for_pictures(pack: &Pack, cache: &Path) -> Result<MoodScale, EngineError> {
        match MoodScale::of_pack(pack, cache)? {
            Some(scale) => Ok(scale),
            None => Ok(MoodVectors::of(pack, cache)?.against(std::iter::empty())),
        }
    }

    pub(crate) fn mood(&self, vector: &[f32]) -> Mood {
        Mood::from_strengths(self.standing_out(vector), TEMPERATURE)
    }

    fn standing_out(&self, vector: &[f32]) -> [f32; 4] {
        let mut strengths = self.vectors.strengths(vector);
        for (at, strength) in strengths.iter_mut().enumerate() {
            *strength = (*strength - self.mean[at]) / self.deviation[at];
        }
        strengths
    }
}

/// The mode that suits a valence from -1 to 1, with a confidence from 0 to 1: major for a pleasant one, minor for an
/// unpleasant one, none for a neutral one.
pub(crate) fn mode_of(valence: f32) -> (Option<Mode>, f32) {
    let mode = if valence > NEUTRAL_VALENCE {
        Some(Mode::Major)
    } else if valence < -NEUTRAL_VALENCE {
        Some(Mode::Minor)
    } else {
        None
    };
    (mode, valence.abs().min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes() -> MoodVectors {
        let axis = |at: usize| (0..4).map(|i| f32::from(u8::from(i == at))).collect();
        MoodVectors((0..4).map(axis).collect())
    }

    #[test]
    fn a_mood_is_relative_to_the_catalog() {
        // All tracks are calm; the one that is a little sad is the sad one among them.
        let tracks = [
            [0.0, 0.1, 0.0, 0.9],
            [0.0, 0.1, 0.0, 0.9],
            [0.0, 0.3, 0.0, 0.9],
        ];
        let scale = axes().against(tracks.iter().map(<[f32; 4]>::as_slice));
        assert_eq!(scale.mood(&tracks[2]).label(), "sad");
    }

    #[test]
    fn the_mode_follows_the_valence() {
        let happy = Mood::from_strengths([0.0, 0.0, 5.0, 0.0], 1.0);
        let sad = Mood::from_strengths([0.0, 5.0, 0.0, 0.0], 1.0);
        assert_eq!(mode_of(happy.valence()).0, Some(Mode::Major));
        assert_eq!(mode_of(sad.valence()).0, Some(Mode::Minor));
        let mixed = Mood::from_strengths([0.0, 1.0, 1.0, 0.0], 0.01);
        assert_eq!(mode_of(mixed.valence()).0, None);
    }

    #[test]
    fn two_letters_follow_the_ratios_of_the_older_system() {
        let mood = |action, sad, happy, calm| Mood {
            action,
            sad,
            happy,
            calm,
        };
        assert_eq!(two_letters(&mood(0.1, 0.1, 0.5, 0.3)), "HC");
        assert_eq!(two_letters(&mood(0.3, 0.1, 0.5, 0.1)), "HA");
        assert_eq!(
            two_letters(&mood(0.2, 0.1, 0.5, 0.2)),
            "HH",
            "neither exceeds twice the other"
        );
        assert_eq!(two_letters(&mood(0.5, 0.3, 0.1, 0.1)), "AS");
        assert_eq!(two_letters(&mood(0.1, 0.1, 0.3, 0.5)), "CH");
    }

    #[test]
    fn light_and_motion_change_the_mood_of_a_picture() {
        let tracks = [[0.5; 4], [0.4; 4]];
        let scale = axes().against(tracks.iter().map(<[f32; 4]>::as_slice));
        let at =
            |valence, arousal| of_picture(&scale, &[0.5; 4], None, Feeling { valence, arousal });
        assert_eq!(at(-0.3, 0.9).mood.label(), "action");
        assert_eq!(at(0.8, 0.3).mood.label(), "happy");
        assert_eq!(at(-0.8, -0.5).mood.label(), "sad");
        assert_eq!(at(0.2, -0.8).mood.label(), "calm");
        assert!(at(0.8, 0.0).valence > 0.2 && at(0.0, 0.9).arousal > 0.3);
    }

    #[test]
    fn the_vectors_in_the_pack_are_those_of_its_text_tower() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/embedded");
        let pack = Pack::open(&dir).unwrap();
        let shipped = MoodVectors::of(&pack, Path::new("/nowhere")).unwrap();
        let made = MusicText::open(&pack, 0).unwrap().embed(&SENTENCES);
        for (at, (shipped, made)) in shipped.0.iter().zip(made.unwrap()).enumerate() {
            let cosine = dot(shipped, &made);
            assert!(cosine > 0.9999, "{}: {cosine}", Mood::NAMES[at]);
        }
    }
}
