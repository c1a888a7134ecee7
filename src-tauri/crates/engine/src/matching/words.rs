//! Splits the words of a brief into wanted and unwanted phrases. Pure.

/// The words after one of these are unwanted, up to the next comma or "but".
const REFUSALS: [&str; 6] = ["no", "not", "without", "minus", "except", "never"];
/// Characters after these are ignored.
const LONGEST: usize = 2_000;
/// Largest number of unwanted phrases.
const MOST_PARTS: usize = 32;

/// The phrases of a brief.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// Wanted phrases, joined by commas; empty if all phrases are unwanted.
    pub(super) wanted: String,
    /// Phrases of what the music should not be.
    pub(super) unwanted: Vec<String>,
}

impl Words {
    /// Reads a brief such as "dark synth, tense, no drums" or "slow piano -vocals".
    pub(super) fn of(text: &str) -> Words {
        let text: String = text.chars().take(LONGEST).collect();
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        for part in text.split([',', ';', '.', '\n']) {
            let mut refused = false;
            let mut phrase: Vec<&str> = Vec::new();
            let mut close = |phrase: &mut Vec<&str>, refused: bool| {
                if !phrase.is_empty() {
                    let joined = phrase.join(" ");
                    if refused {
                        unwanted.push(joined);
                    } else {
                        wanted.push(joined);
                    }
                    phrase.clear();
                }
            };
            for word in part.split_whitespace() {
                let plain = word.to_lowercase();
                if plain == "but" {
                    close(&mut phrase, refused);
                    refused = false;
                } else if REFUSALS.contains(&plain.as_str()) {
                    if phrase.last() == Some(&"with") {
                        phrase.pop();
                    }
                    close(&mut phrase, refused);
                    refused = true;
                } else if refused && ["and", "or", "nor"].contains(&plain.as_str()) {
                    close(&mut phrase, refused);
                } else if refused
                    && phrase.is_empty()
                    && ["any", "too", "much"].contains(&plain.as_str())
                {
                    // In "without any drums", "drums" is unwanted.
                } else if let Some(minus) = word.strip_prefix('-').filter(|w| !w.is_empty()) {
                    close(&mut phrase, refused);
                    phrase.push(minus);
                    close(&mut phrase, true);
                } else {
                    phrase.push(word);
                }
            }
            close(&mut phrase, refused);
        }
        unwanted.truncate(MOST_PARTS);
        Words {
            wanted: wanted.join(", "),
            unwanted,
        }
    }

    /// Phrases of what the music should be.
    pub(super) fn phrases(&self) -> Vec<String> {
        let phrases = self.wanted.split(", ").filter(|p| !p.is_empty());
        phrases.map(str::to_owned).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unwanted.is_empty()
    }
}

/// The tags that a phrase names: the tag itself in singular or plural, or the last word of a longer tag ("female
/// vocals" is a kind of vocals). "no vocals" is not named by "vocals".
pub(super) fn named<'a>(phrase: &str, tags: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let phrase = stem(phrase);
    let is_meant = |tag: &&str| {
        let tag = tag.to_lowercase();
        if tag.starts_with("no ") || tag.starts_with("not ") {
            return false;
        }
        let words: Vec<&str> = tag.split_whitespace().collect();
        let last = words.last().copied().unwrap_or_default();
        stem(&tag) == phrase
            || (words.len() > 1 && stem(last) == phrase)
            || phrase.split(' ').any(|word| stem(&tag) == word)
    };
    tags.filter(is_meant).collect()
}

/// The phrase in lower case and singular. Words for one thing become one word: "singing" and "voices" become "vocal".
fn stem(phrase: &str) -> String {
    let one = |word: &str| {
        let word = word.to_lowercase();
        match word.as_str() {
            "singing" | "singer" | "singers" | "voices" | "voice" | "vocals" | "vocalist" => {
                "vocal".to_owned()
            }
            "drumming" | "percussion" => "drum".to_owned(),
            "synthesizer" | "synthesizers" | "synths" => "synth".to_owned(),
            _ => match word.strip_suffix('s') {
                Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.to_owned(),
                _ => word,
            },
        }
    };
    let words: Vec<String> = phrase.split_whitespace().map(one).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<String>) {
        let words = Words::of(text);
        (words.wanted, words.unwanted)
    }

    #[test]
    fn phrases_are_wanted_or_unwanted() {
        for (text, wanted, unwanted) in [
            (
                "dark synth, tense, no drums",
                "dark synth, tense",
                &["drums"][..],
            ),
            ("slow piano -vocals", "slow piano", &["vocals"]),
            (
                "slow piano with no vocals or drums",
                "slow piano",
                &["vocals", "drums"],
            ),
            ("no drums and vocals but loud", "loud", &["drums", "vocals"]),
            ("Without any heavy guitars", "", &["heavy guitars"]),
            ("lo-fi hip-hop", "lo-fi hip-hop", &[]),
            ("  , ; - ", "-", &[]),
            ("", "", &[]),
        ] {
            let (w, u) = read(text);
            assert_eq!(w, wanted, "{text:?}");
            assert_eq!(u, unwanted, "{text:?}");
        }
    }

    #[test]
    fn a_long_brief_is_cut() {
        let words = Words::of(&"no drums, ".repeat(5_000));
        assert!(words.unwanted.len() <= MOST_PARTS);
    }

    #[test]
    fn a_phrase_names_tags() {
        let tags = [
            "drums",
            "female vocals",
            "no vocals",
            "vocal",
            "guitar",
            "synth",
            "rock",
        ];
        let meant = |phrase| named(phrase, tags.into_iter());
        assert_eq!(meant("drum"), ["drums"]);
        assert_eq!(meant("vocals"), ["female vocals", "vocal"]);
        assert_eq!(meant("singing"), ["female vocals", "vocal"]);
        assert_eq!(meant("heavy guitars"), ["guitar"]);
        assert!(meant("bagpipes").is_empty());
    }
}
