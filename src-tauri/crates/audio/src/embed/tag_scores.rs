//! Tag scores, corrected for the tagger's bias. Pure.
//!
//! The score of a tag says how much likelier the tagger finds it here than in music in general: the
//! logistic function of its logit less the tag's mean logit over a corpus, in units of the tag's
//! standard deviation. A tag that the tagger gives to all music scores low at its usual level.

use std::collections::BTreeMap;

/// A tag this many standard deviations above its mean scores 0.5.
const HALF_AT: f32 = 1.0;
/// Standard deviations over which a score rises from 0.25 to 0.75, divided by 2.2.
const SLOPE: f32 = 0.6;
/// The score of a tag less probable than this falls with its probability: it is a guess.
const PLAUSIBLE: f32 = 0.2;
/// Tags that name a voice, and tags that deny one.
const VOICES: [&str; 14] = [
    "female vocalists",
    "male vocalists",
    "vocal",
    "vocals",
    "singing",
    "voice",
    "male vocal",
    "female vocal",
    "male voice",
    "female voice",
    "woman",
    "man",
    "choir",
    "opera",
];
const NO_VOICES: [&str; 4] = ["instrumental", "no vocals", "no vocal", "no voice"];

/// Tags of a stretch of music.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagScores {
    /// Tag and score, 0 to 1, highest first. A tag of several taggers has the mean of its scores.
    pub tags: Vec<(String, f32)>,
    /// Likelihood that somebody sings or speaks, 0 to 1.
    pub voice: f32,
}

impl TagScores {
    /// `names` as `TAGGER:tag`, the tagger's probabilities, and the distance of each logit from its
    /// mean in standard deviations, all in the same order.
    pub fn new(names: &[String], probabilities: &[f32], standing_out: &[f32]) -> TagScores {
        let mut sums = BTreeMap::<&str, (f32, f32)>::new();
        for ((name, &p), &z) in names.iter().zip(probabilities).zip(standing_out) {
            let entry = sums.entry(tag(name)).or_default();
            *entry = (entry.0 + score(p, z), entry.1 + 1.0);
        }
        let mut tags: Vec<(String, f32)> = sums
            .into_iter()
            .map(|(name, (sum, n))| (name.to_owned(), sum / n))
            .collect();
        tags.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        TagScores {
            tags,
            voice: voice(names, probabilities),
        }
    }
}

/// The name without its tagger.
fn tag(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, tag)| tag)
}

fn score(p: f32, z: f32) -> f32 {
    logistic((z - HALF_AT) / SLOPE) * (p / PLAUSIBLE).min(1.0).sqrt()
}

/// The most probable voice tag against the most probable denial.
fn voice(names: &[String], probabilities: &[f32]) -> f32 {
    let strongest = |of: &[&str]| {
        let said = names.iter().zip(probabilities);
        let of_these = said.filter(|(name, _)| of.contains(&tag(name)));
        of_these.map(|(_, &p)| p).fold(0.0, f32::max)
    };
    let (yes, no) = (strongest(&VOICES), strongest(&NO_VOICES));
    if yes + no < 1e-6 {
        0.0
    } else {
        yes * yes / (yes * yes + no * no)
    }
}

fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        [
            "A:ambient",
            "A:epic",
            "B:epic",
            "B:sitar",
            "B:vocals",
            "B:no vocals",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    #[test]
    fn a_tag_at_its_usual_level_scores_lower_than_one_above_it() {
        let heard = TagScores::new(
            &names(),
            &[0.6, 0.3, 0.2, 0.001, 0.1, 0.2],
            &[0.0, 2.0, 2.5, 3.0, 0.0, 0.0],
        );
        assert_eq!(
            heard.tags[0].0, "epic",
            "named once for both taggers: {:?}",
            heard.tags
        );
        let of = |tag: &str| heard.tags.iter().find(|t| t.0 == tag).unwrap().1;
        assert!(of("ambient") < 0.2, "at its usual level: {}", of("ambient"));
        assert!(of("sitar") < 0.2, "a guess: {}", of("sitar"));
    }

    #[test]
    fn a_voice_tag_is_weighed_against_its_denial() {
        let voice =
            |yes, no| TagScores::new(&names(), &[0.0, 0.0, 0.0, 0.0, yes, no], &[0.0; 6]).voice;
        assert!(voice(0.5, 0.1) > 0.9);
        assert!(voice(0.05, 0.4) < 0.1);
        assert!((voice(0.2, 0.2) - 0.5).abs() < 1e-6);
    }
}
