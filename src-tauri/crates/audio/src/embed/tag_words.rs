//! What tags mean, once corrected for what the tagger always says. Pure.
//!
//! A tag's score is how much likelier the tagger holds it here than in music in general: the logistic
//! of its logit less the tag's mean logit over a corpus, in units of the tag's own spread. So a tag
//! that is said of everything scores low where it is said as loudly as always.

use std::collections::BTreeMap;

/// A tag that stands out by this many deviations scores a half.
const HALF_AT: f32 = 1.0;
/// Deviations over which a score rises from a quarter to three quarters, times 2.2.
const SLOPE: f32 = 0.6;
/// A tag less probable than this is a guess, however much it stands out: its score falls with it.
const PLAUSIBLE: f32 = 0.2;
/// What speaks for a voice, and what against.
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

/// What a tagger says of a stretch of music.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// Tag and score, 0 to 1, highest first; a tag of several taggers has the mean of its scores.
    pub tags: Vec<(String, f32)>,
    /// How likely it is that somebody sings or speaks, 0 to 1.
    pub voice: f32,
}

impl Heard {
    /// `names` as `TAGGER:tag`, the tagger's probabilities, and by how many deviations of its logit
    /// each stands out, all in one order.
    pub fn new(names: &[String], probabilities: &[f32], standing_out: &[f32]) -> Heard {
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
        Heard {
            tags,
            voice: voice(names, probabilities),
        }
    }
}

/// The name without the tagger's.
fn tag(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, tag)| tag)
}

fn score(p: f32, z: f32) -> f32 {
    logistic((z - HALF_AT) / SLOPE) * (p / PLAUSIBLE).min(1.0).sqrt()
}

/// The strongest voice against the strongest denial of one.
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
    fn what_is_said_of_everything_comes_after_what_stands_out() {
        let heard = Heard::new(
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
    fn a_voice_is_weighed_against_its_denial() {
        let voice = |yes, no| Heard::new(&names(), &[0.0, 0.0, 0.0, 0.0, yes, no], &[0.0; 6]).voice;
        assert!(voice(0.5, 0.1) > 0.9);
        assert!(voice(0.05, 0.4) < 0.1);
        assert!((voice(0.2, 0.2) - 0.5).abs() < 1e-6);
    }
}
