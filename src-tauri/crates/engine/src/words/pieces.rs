//! Cuts a phrase into known and unknown parts.

use needledrop_ranking::Edges;

use super::known_tags::KnownTags;
use super::scale::Degree;
use super::tokens::Token;
use super::{feelings, instruments, numbers};

const VERY: [&str; 9] = [
    "very",
    "really",
    "extremely",
    "super",
    "ultra",
    "incredibly",
    "highly",
    "so",
    "most",
];
const SLIGHTLY: [&str; 11] = [
    "slightly",
    "somewhat",
    "fairly",
    "rather",
    "quite",
    "moderately",
    "bit",
    "little",
    "lightly",
    "kinda",
    "pretty",
];
/// Words that mean nothing by themselves.
const EMPTY: [&str; 38] = [
    "a", "an", "the", "of", "in", "on", "for", "to", "is", "it", "its", "be", "that", "this",
    "some", "music", "track", "tracks", "song", "songs", "tune", "piece", "sound", "sounds",
    "sounding", "feel", "feeling", "vibe", "vibes", "mood", "style", "please", "i", "want",
    "leave", "leaves", "like", "more",
];

/// A part of a phrase.
pub(super) enum Piece<'a> {
    Tempo(&'a [Token], Edges),
    /// Words of a table or a tag, and the degree before them.
    Known(&'a [Token], String, Degree),
    /// Words that the tagger has no tag for, and the known word that comes nearest.
    Like(&'a [Token], &'static str),
    Unknown(&'a [Token]),
}

/// The parts of a phrase: the longest known words first, runs of unknown words between them.
pub(super) fn pieces<'a>(tokens: &'a [Token], tags: &KnownTags) -> Vec<Piece<'a>> {
    let (mut found, mut degree) = (Vec::new(), (Degree::Plain, 0));
    let (mut at, mut unknown) = (0, 0..0);
    let is_empty = |token: &Token| {
        EMPTY.contains(&token.plain.as_str()) || !token.plain.chars().any(char::is_alphabetic)
    };
    let run = |run: &mut std::ops::Range<usize>| {
        let run = std::mem::take(run);
        let kept = tokens[run.clone()]
            .iter()
            .rposition(|token| !is_empty(token));
        kept.map(|last| Piece::Unknown(&tokens[run.start..=run.start + last]))
    };
    while at < tokens.len() {
        if let Some((edges, count)) = numbers::tempo(&tokens[at..]) {
            found.extend(run(&mut unknown));
            found.push(Piece::Tempo(&tokens[at..at + count], edges));
            at += count;
            degree = (Degree::Plain, 0);
            continue;
        }
        let longest = feelings::MOST_WORDS
            .max(instruments::MOST_WORDS)
            .min(tokens.len() - at);
        let known = (1..=longest).rev().find_map(|count| {
            known_words(&tokens[at..at + count], tags).map(|words| (count, words))
        });
        let like = || {
            let words = |count: &usize| joined(&tokens[at..at + count]);
            let mut counts = (1..=longest).rev();
            counts.find_map(|count| Some((count, instruments::like(&words(&count))?)))
        };
        let plain = tokens[at].plain.as_str();
        let at_degree = |words: &[&str]| words.contains(&plain) && at + 1 < tokens.len();
        if let Some((count, words)) = known {
            found.extend(run(&mut unknown));
            let (degree, from) = match std::mem::take(&mut degree) {
                (Degree::Plain, _) => (Degree::Plain, at),
                said => said,
            };
            found.push(Piece::Known(&tokens[from..at + count], words, degree));
            at += count;
        } else if let Some((count, known)) = like() {
            found.extend(run(&mut unknown));
            found.push(Piece::Like(&tokens[at..at + count], known));
            degree = (Degree::Plain, 0);
            at += count;
        } else if at_degree(&VERY) || at_degree(&SLIGHTLY) {
            found.extend(run(&mut unknown));
            let said = if VERY.contains(&plain) {
                Degree::Very
            } else {
                Degree::Slightly
            };
            let article = at > 0 && tokens[at - 1].plain == "a";
            degree = (said, at - usize::from(article));
            at += 1;
        } else {
            if !unknown.is_empty() {
                unknown.end = at + 1;
            } else if !is_empty(&tokens[at]) {
                unknown = at..at + 1;
            }
            degree = (Degree::Plain, 0);
            at += 1;
        }
    }
    found.extend(run(&mut unknown));
    found
}

/// The words of these tokens, where the table, an instrument or a tag has them.
fn known_words(tokens: &[Token], tags: &KnownTags) -> Option<String> {
    let words = joined(tokens);
    let known = feelings::of(&words).is_some()
        || instruments::is_voice(&words)
        || instruments::is_instrumental(&words)
        || instruments::group(&words).is_some_and(|group| !tags.of_group(group).is_empty())
        || (!EMPTY.contains(&words.as_str()) && tags.named(&words).is_some());
    known.then_some(words)
}

/// Whether the words name an instrument, a style or voices, not a feeling.
pub(super) fn is_thing(words: &str, tags: &KnownTags) -> bool {
    feelings::of(words).is_none()
        && (instruments::is_voice(words)
            || instruments::is_instrumental(words)
            || instruments::group(words).is_some()
            || tags.named(words).is_some())
}

fn joined(tokens: &[Token]) -> String {
    let words: Vec<&str> = tokens.iter().map(|token| token.plain.as_str()).collect();
    words.join(" ")
}
