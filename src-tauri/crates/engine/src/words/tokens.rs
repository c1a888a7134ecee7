//! Splits a brief into phrases, each wanted or not. Pure and bounded.

use super::instruments;

/// Characters after these are ignored.
const LONGEST: usize = 2_000;
/// Largest number of phrases.
const MOST_PHRASES: usize = 64;
/// Characters that end a phrase.
const SEPARATORS: [char; 14] = [
    ',', ';', '.', '\n', '/', '|', '(', ')', '[', ']', '!', '?', ':', '+',
];
/// Words that refuse what follows, up to the next separator or "but".
const REFUSALS: [&str; 10] = [
    "no",
    "without",
    "minus",
    "except",
    "never",
    "excluding",
    "avoid",
    "lacking",
    "none",
    "nothing",
];
/// Words that join two phrases of one kind.
const JOINTS: [&str; 6] = ["and", "or", "nor", "plus", "&", "with"];
/// Words that end a refusal.
const TURNS: [&str; 6] = ["but", "just", "only", "instead", "yet", "though"];
/// Words without meaning after a refusal: "without any drums", "not too much bass".
const FILLERS: [&str; 7] = ["any", "much", "many", "a", "the", "of", "from"];

/// Whether a phrase is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Voice {
    /// "fast drums".
    #[default]
    Wanted,
    /// "no drums", "-drums", "non-vocal".
    Refused,
    /// "not fast".
    Not,
    /// "not too fast": up to the edge, and a little beyond.
    NotToo,
    /// "less drums".
    Less,
}

/// A word in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) plain: String,
    /// Joined to the word before by a hyphen.
    pub(super) hyphen: bool,
}

/// A run of words without a separator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) voice: Voice,
    /// The words that refuse, such as "no" or "not too"; empty for a wanted phrase.
    pub(super) refusal: String,
    pub(super) tokens: Vec<Token>,
}

/// The words as they were typed, in lower case.
pub(super) fn text(tokens: &[Token]) -> String {
    let mut text = String::new();
    for (at, token) in tokens.iter().enumerate() {
        if at > 0 {
            text.push(if token.hyphen { '-' } else { ' ' });
        }
        text.push_str(&token.plain);
    }
    text
}

/// The phrases of a brief, at most 64 of its first 2,000 characters.
pub(super) fn phrases(text: &str) -> Vec<Phrase> {
    let bounded: String = text.chars().take(LONGEST).collect();
    let plain = bounded
        .to_lowercase()
        .replace(['–', '—', '−', '‐'], "-")
        .replace("drum and bass", "drum'n'bass")
        .replace("rhythm and blues", "rnb")
        .replace("r&b", "rnb");
    let mut found = Vec::new();
    for part in split(&plain) {
        read_part(part, &mut found);
        if found.len() >= MOST_PHRASES {
            break;
        }
    }
    found.truncate(MOST_PHRASES);
    found
}

/// The parts between separators. A point or comma between two digits separates nothing.
fn split(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let (mut parts, mut from) = (Vec::new(), 0);
    for (at, letter) in text.char_indices().filter(|(_, c)| SEPARATORS.contains(c)) {
        let within = letter == '.' && digit(at.checked_sub(1)) && digit(Some(at + 1));
        if !within {
            parts.push(&text[from..at]);
            from = at + letter.len_utf8();
        }
    }
    parts.push(&text[from..]);
    parts
}

fn read_part(part: &str, found: &mut Vec<Phrase>) {
    let mut phrase = Phrase::default();
    let words: Vec<&str> = part.split_whitespace().collect();
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        at += 1;
        if let Some(minus) = word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
            close(&mut phrase, Voice::Wanted, "", found);
            phrase.tokens = tokens(minus);
            phrase.voice = Voice::Refused;
            phrase.refusal = "-".to_owned();
            close(&mut phrase, Voice::Wanted, "", found);
        } else if let Some(single) = word.strip_prefix("non-").filter(|rest| !rest.is_empty()) {
            close(&mut phrase, Voice::Wanted, "", found);
            phrase.tokens = tokens(single);
            phrase.voice = Voice::Refused;
            phrase.refusal = "non-".to_owned();
            close(&mut phrase, Voice::Wanted, "", found);
        } else if let Some(kept) = word.strip_suffix("-free").filter(|rest| !rest.is_empty()) {
            close(&mut phrase, Voice::Wanted, "", found);
            phrase.tokens = tokens(kept);
            phrase.voice = Voice::Refused;
            phrase.refusal = "no".to_owned();
            close(&mut phrase, Voice::Wanted, "", found);
        } else if let Some(stem) = lacking(word) {
            close(&mut phrase, Voice::Wanted, "", found);
            phrase.tokens = tokens(stem);
            phrase.voice = Voice::Refused;
            phrase.refusal = "no".to_owned();
            close(&mut phrase, Voice::Wanted, "", found);
        } else if counts(word, words.get(at).copied(), words.get(at + 1).copied()) {
            // "no more than 120 bpm", "less than 100 bpm": numbers are read with their words.
            phrase.tokens.extend(tokens(word));
        } else if TURNS.contains(&word) {
            close(&mut phrase, Voice::Wanted, "", found);
        } else if REFUSALS.contains(&word) {
            close(&mut phrase, Voice::Refused, word, found);
        } else if ["not", "isn't", "aren't"].contains(&word) {
            let too = ["too", "so", "very", "overly", "that"];
            match words.get(at).filter(|next| too.contains(*next)) {
                Some(next) => {
                    at += 1;
                    close(&mut phrase, Voice::NotToo, &format!("not {next}"), found);
                }
                None => close(&mut phrase, Voice::Not, "not", found),
            }
        } else if ["less", "fewer"].contains(&word) {
            close(&mut phrase, Voice::Less, word, found);
        } else if JOINTS.contains(&word) {
            let (voice, refusal) = (phrase.voice, phrase.refusal.clone());
            let (voice, refusal) = match (voice, word) {
                (_, "with") => (Voice::Wanted, String::new()),
                _ => (voice, refusal),
            };
            close(&mut phrase, voice, &refusal, found);
        } else if phrase.voice != Voice::Wanted
            && phrase.tokens.is_empty()
            && FILLERS.contains(&word)
        {
            // In "without any drums", "drums" is refused.
        } else {
            phrase.tokens.extend(tokens(word));
        }
    }
    close(&mut phrase, Voice::Wanted, "", found);
}

/// Ends a phrase and begins one of another kind.
fn close(phrase: &mut Phrase, next: Voice, refusal: &str, found: &mut Vec<Phrase>) {
    let ended = std::mem::replace(
        phrase,
        Phrase {
            voice: next,
            refusal: refusal.to_owned(),
            tokens: Vec::new(),
        },
    );
    if !ended.tokens.is_empty() {
        found.push(ended);
    }
}

/// What a word such as "drumless" or "wordless" lacks, where that is an instrument or voices.
fn lacking(word: &str) -> Option<&str> {
    let stem = word.strip_suffix("less")?;
    let stem = stem.strip_suffix('-').unwrap_or(stem);
    (instruments::group(stem).is_some() || instruments::is_voice(stem)).then_some(stem)
}

/// Whether the word begins a comparison with a number.
fn counts(word: &str, next: Option<&str>, after: Option<&str>) -> bool {
    let than = next == Some("than");
    match word {
        "less" | "fewer" => than,
        "no" | "not" => {
            [
                "more", "less", "faster", "slower", "over", "under", "above", "below",
            ]
            .contains(&next.unwrap_or_default())
                && (after == Some("than")
                    || after.is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit())))
        }
        _ => false,
    }
}

/// A word as tokens: split at hyphens between letters, without other marks at its ends.
fn tokens(word: &str) -> Vec<Token> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#' && c != '&');
    let lettered = word
        .split('-')
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphabetic() || c == '\''));
    let parts: Vec<&str> = if lettered {
        word.split('-').collect()
    } else {
        vec![word]
    };
    let token = |(at, plain): (usize, &str)| Token {
        plain: plain.to_owned(),
        hyphen: at > 0,
    };
    let kept = parts.into_iter().filter(|part| !part.is_empty());
    kept.enumerate().map(token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(brief: &str) -> Vec<(Voice, String)> {
        let found = phrases(brief).into_iter();
        found.map(|p| (p.voice, text(&p.tokens))).collect()
    }

    #[test]
    fn phrases_are_wanted_or_not() {
        use Voice::{Less, Not, NotToo, Refused, Wanted};
        let cases: [(&str, &[(Voice, &str)]); 14] = [
            (
                "Dark synth, tense, NO drums",
                &[
                    (Wanted, "dark synth"),
                    (Wanted, "tense"),
                    (Refused, "drums"),
                ],
            ),
            (
                "slow piano -vocals",
                &[(Wanted, "slow piano"), (Refused, "vocals")],
            ),
            (
                "slow piano with no vocals or drums",
                &[
                    (Wanted, "slow piano"),
                    (Refused, "vocals"),
                    (Refused, "drums"),
                ],
            ),
            (
                "no drums and vocals but loud",
                &[(Refused, "drums"), (Refused, "vocals"), (Wanted, "loud")],
            ),
            ("Without any heavy guitars", &[(Refused, "heavy guitars")]),
            ("lo-fi Hip-Hop", &[(Wanted, "lo-fi hip-hop")]),
            (
                "not too fast, happy",
                &[(NotToo, "fast"), (Wanted, "happy")],
            ),
            ("not sad", &[(Not, "sad")]),
            ("less drums", &[(Less, "drums")]),
            (
                "non-vocal, drum-free",
                &[(Refused, "vocal"), (Refused, "drum")],
            ),
            (
                "drumless, timeless",
                &[(Refused, "drum"), (Wanted, "timeless")],
            ),
            ("no more than 120 bpm", &[(Wanted, "no more than 120 bpm")]),
            ("92.5 bpm. warm", &[(Wanted, "92.5 bpm"), (Wanted, "warm")]),
            ("  , ; - ", &[]),
        ];
        for (brief, wanted) in cases {
            let wanted: Vec<_> = wanted.iter().map(|(v, t)| (*v, (*t).to_owned())).collect();
            assert_eq!(read(brief), wanted, "{brief:?}");
        }
    }

    #[test]
    fn a_long_or_hostile_brief_is_bounded() {
        for brief in [
            "no drums, ".repeat(50_000),
            "-".repeat(100_000),
            "\u{0}\u{202e}ﷺ-".repeat(9_000),
            "a-".repeat(100_000),
            "not too ".repeat(9_000),
        ] {
            let found = phrases(&brief);
            assert!(found.len() <= MOST_PHRASES);
            let letters: usize = found.iter().map(|p| text(&p.tokens).chars().count()).sum();
            assert!(letters <= 3 * LONGEST, "{letters}");
        }
    }
}
