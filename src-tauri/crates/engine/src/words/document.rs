//! What each word of a brief became, as a document.

use needledrop_ranking::{Edges, Measure, Stance};
use serde::Serialize;

use super::reading::{Became, ReadWord};

/// A word or phrase of a brief and what it became. A word with two meanings is listed once for each.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WordDoc {
    /// The words as they were typed, in lower case.
    pub text: String,
    /// The measured property that they ask for; `refused` for tags and voices that are refused, `vague` for words that only
    /// sentence space knows.
    pub became: BecameDoc,
    /// The wanted values in words, such as `over 118 BPM`; `null` for vague words.
    pub target: Option<String>,
    /// The known word that an unknown one was read as; `null` for a word that is known itself.
    pub through: Option<String>,
}

/// What a word became.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "named in WordDoc")]
pub enum BecameDoc {
    Tempo,
    Energy,
    Mode,
    Valence,
    Tag,
    Voices,
    Refused,
    Vague,
}

impl From<&ReadWord> for WordDoc {
    fn from(word: &ReadWord) -> Self {
        let (became, target) = match &word.became {
            Became::Vague { .. } => (BecameDoc::Vague, None),
            Became::Measured(measure, stance) => {
                let (became, target) = measured(measure);
                match stance {
                    Stance::Wanted => (became, Some(target)),
                    Stance::Less => (became, Some(format!("less {target}"))),
                    Stance::Refused => (BecameDoc::Refused, Some(target)),
                }
            }
        };
        Self {
            text: word.text.clone(),
            became,
            target,
            through: word.through.clone(),
        }
    }
}

fn measured(measure: &Measure) -> (BecameDoc, String) {
    match measure {
        Measure::Tempo { edges, .. } => (BecameDoc::Tempo, tempo(*edges)),
        Measure::Energy(edges) => (BecameDoc::Energy, level(*edges, "energy", ("low", "high"))),
        Measure::Valence(edges) => (
            BecameDoc::Valence,
            level(*edges, "feeling", ("dark", "bright")),
        ),
        Measure::Mode(mode) => (BecameDoc::Mode, mode.to_string()),
        Measure::Tags(group) => (BecameDoc::Tag, group.clone()),
        Measure::Voices => (BecameDoc::Voices, "voices".to_owned()),
    }
}

fn tempo(edges: Edges) -> String {
    match (edges.low, edges.high) {
        (Some(low), None) => format!("over {low:.0} BPM"),
        (None, Some(high)) => format!("under {high:.0} BPM"),
        (Some(low), Some(high)) => format!("{low:.0} to {high:.0} BPM"),
        (None, None) => "any tempo".to_owned(),
    }
}

/// Edges of a percentile in words: "high energy", "energy not low".
fn level(edges: Edges, name: &str, (low_word, high_word): (&str, &str)) -> String {
    match (edges.low, edges.high) {
        (Some(low), None) if low >= 0.4 => format!("{high_word} {name}"),
        (Some(_), None) => format!("{name} not {low_word}"),
        (None, Some(high)) if high <= 0.6 => format!("{low_word} {name}"),
        (None, Some(_)) => format!("{name} not {high_word}"),
        _ => format!("medium {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::known_tags::KnownTags;
    use crate::words::reading::Reading;

    #[test]
    fn targets_are_said_in_plain_words() {
        let tags = KnownTags::new(["drums".to_owned()]);
        let read = |brief: &str| -> Vec<(BecameDoc, Option<String>)> {
            let words = Reading::of(brief, &tags).words;
            let documents = words.iter().map(WordDoc::from);
            documents.map(|word| (word.became, word.target)).collect()
        };
        for (brief, became, target) in [
            ("fast", BecameDoc::Tempo, Some("over 118 BPM")),
            ("90-110 bpm", BecameDoc::Tempo, Some("90 to 110 BPM")),
            ("intense", BecameDoc::Energy, Some("high energy")),
            ("not loud", BecameDoc::Energy, Some("energy not high")),
            ("happy", BecameDoc::Valence, Some("bright feeling")),
            ("minor", BecameDoc::Mode, Some("minor")),
            ("no drums", BecameDoc::Refused, Some("drums")),
            ("less drums", BecameDoc::Tag, Some("less drums")),
            ("instrumental", BecameDoc::Refused, Some("voices")),
            ("wacky", BecameDoc::Vague, None),
        ] {
            let wanted = (became, target.map(str::to_owned));
            assert_eq!(read(brief), [wanted], "{brief}");
        }
    }
}
