//! Reads a brief: what each word or phrase becomes. Pure; unknown words are left to [`super::neighbours`].

use std::collections::BTreeMap;

use needledrop_ranking::{Edges, Measure, Mode, Stance, Wish};

use super::feelings::Feeling;
use super::known_tags::KnownTags;
use super::pieces::{Piece, is_thing, pieces};
use super::scale::{self, Degree, Sense};
use super::tokens::{Phrase, Token, Voice, phrases, text};
use super::{feelings, instruments};

/// Weights of what words ask for, chosen on development topics and sources (docs/MATCHING.md): the surer a measure, the
/// more. A tempo in numbers counts most.
const COUNTED: f32 = 5.0;
const TEMPO: f32 = 4.0;
const MODE: f32 = 3.0;
const REFUSED: f32 = 4.0;
const MEASURED: f32 = 2.0;
const VALENCE: f32 = 1.0;
/// Factor of the weight of a word that is read through its neighbour.
const NEAR: f32 = 0.35;
/// Factors of the weight for "a bit" and for "less".
const SLIGHT: f32 = 0.5;
/// Largest number of words that are read.
const MOST_WORDS: usize = 64;

/// What a word became.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Became {
    /// A measured property.
    Measured(Measure, Stance),
    /// A direction in sentence space alone; refused words point away from it.
    Vague { refused: bool },
}

/// A word or phrase of a brief with one meaning; a word with two meanings stands twice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReadWord {
    /// As it was typed, in lower case, with its refusal.
    pub(crate) text: String,
    pub(crate) became: Became,
    /// The known word that it was read as.
    pub(crate) through: Option<String>,
    pub(crate) weight: f32,
}

/// A brief as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reading {
    pub(crate) words: Vec<ReadWord>,
    /// Tags of each group in the words, by its name.
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    /// Wanted phrases without tempo and mode, joined by commas: what sentence space is asked for.
    pub(crate) wanted: String,
    /// Phrases of what the music should not be.
    pub(crate) unwanted: Vec<String>,
}

impl Reading {
    /// Reads a brief such as "dark synth, not too fast, no drums".
    pub(crate) fn of(brief: &str, tags: &KnownTags) -> Reading {
        let mut reading = Reading::default();
        for phrase in phrases(brief) {
            if reading.words.len() >= MOST_WORDS {
                break;
            }
            reading.read(&phrase, tags);
        }
        reading.words.truncate(MOST_WORDS);
        reading
    }

    /// Whether nothing was asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The measured words as wishes of the ranking.
    pub(crate) fn wishes(&self) -> Vec<Wish> {
        let wish = |word: &ReadWord| match &word.became {
            Became::Measured(measure, stance) => Some(Wish {
                text: word.text.clone(),
                measure: measure.clone(),
                stance: *stance,
                weight: word.weight,
            }),
            Became::Vague { .. } => None,
        };
        self.words.iter().filter_map(wish).collect()
    }

    /// The words that nothing measures, by their place in [`Reading::words`].
    pub(crate) fn unexplained(&self) -> Vec<(usize, String)> {
        let vague = |(at, word): (usize, &ReadWord)| match word.became {
            Became::Vague { .. } if word.through.is_none() => {
                Some((at, bare(&word.text).to_owned()))
            }
            _ => None,
        };
        self.words.iter().enumerate().filter_map(vague).collect()
    }

    /// Gives an unknown word the meaning of a known one. Words that are not known, or that mean nothing that the catalog
    /// measures, change nothing but [`ReadWord::through`].
    pub(crate) fn explain(&mut self, at: usize, known: &str, tags: &KnownTags) {
        let Some(word) = self.words.get(at) else {
            return;
        };
        let Became::Vague { refused } = word.became else {
            return;
        };
        let voice = if refused {
            Voice::Refused
        } else {
            Voice::Wanted
        };
        let shown = word.text.clone();
        let mut meaning = Reading::default();
        if !meaning.mean(&shown, known, voice, Degree::Plain, tags) {
            self.words[at].through = Some(known.to_owned());
            return;
        }
        for word in &mut meaning.words {
            word.through = Some(known.to_owned());
            word.weight *= NEAR;
            // A neighbour is no ground to put a track below all others.
            if let Became::Measured(_, stance @ Stance::Refused) = &mut word.became {
                *stance = Stance::Less;
            }
        }
        self.groups.extend(meaning.groups);
        self.words.splice(at..=at, meaning.words);
    }

    fn read(&mut self, phrase: &Phrase, tags: &KnownTags) {
        let refused = phrase.voice != Voice::Wanted;
        let pieces = pieces(&phrase.tokens, tags);
        let is_measured = |piece: &Piece| !matches!(piece, Piece::Unknown(_));
        let things =
            |piece: &Piece| matches!(piece, Piece::Known(_, words, _) if is_thing(words, tags));
        let (measured, things_refused) = (
            pieces.iter().any(is_measured),
            refused && pieces.iter().any(things),
        );
        let mut kept: Vec<Token> = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Tempo(tokens, edges) => {
                    let edges = if refused { opposite(edges) } else { edges };
                    let measure = Measure::Tempo {
                        edges,
                        counted: true,
                    };
                    self.push(&shown(phrase, tokens), measure, Stance::Wanted, COUNTED);
                }
                Piece::Known(tokens, words, degree) => {
                    if in_sentence_space(&words) {
                        kept.extend_from_slice(tokens);
                    }
                    // In "no heavy guitars" guitars are refused, not heaviness.
                    if !things_refused || is_thing(&words, tags) {
                        self.mean(&shown(phrase, tokens), &words, phrase.voice, degree, tags);
                    }
                }
                Piece::Like(tokens, known) => {
                    kept.extend_from_slice(tokens);
                    self.vague(phrase, tokens);
                    self.explain(self.words.len() - 1, known, tags);
                }
                Piece::Unknown(tokens) => {
                    kept.extend_from_slice(tokens);
                    if !(refused && measured) {
                        self.vague(phrase, tokens);
                    }
                }
            }
        }
        if kept.is_empty() {
            return;
        }
        if refused {
            self.unwanted.push(text(&phrase.tokens));
        } else {
            if !self.wanted.is_empty() {
                self.wanted.push_str(", ");
            }
            self.wanted.push_str(&text(&kept));
        }
    }

    /// Adds words that nothing is known of.
    fn vague(&mut self, phrase: &Phrase, tokens: &[Token]) {
        self.words.push(ReadWord {
            text: shown(phrase, tokens),
            became: Became::Vague {
                refused: phrase.voice != Voice::Wanted,
            },
            through: None,
            weight: 0.0,
        });
    }

    /// Adds the meaning of known words; false where the catalog measures none of it.
    fn mean(
        &mut self,
        shown: &str,
        words: &str,
        voice: Voice,
        degree: Degree,
        tags: &KnownTags,
    ) -> bool {
        let slight = if degree == Degree::Slightly || voice == Voice::Less {
            SLIGHT
        } else {
            1.0
        };
        let refused = match voice {
            Voice::Wanted => Stance::Wanted,
            Voice::Less | Voice::NotToo => Stance::Less,
            Voice::Refused | Voice::Not => Stance::Refused,
        };
        if instruments::is_instrumental(words) {
            let stance = if voice == Voice::Wanted {
                Stance::Refused
            } else {
                Stance::Wanted
            };
            self.push(shown, Measure::Voices, stance, weight_of(stance));
            return true;
        }
        if instruments::is_voice(words) {
            self.push(shown, Measure::Voices, refused, weight_of(refused) * slight);
            return true;
        }
        if let Some(feeling) = feelings::of(words) {
            self.feel(shown, feeling, voice, degree);
            return true;
        }
        let (name, members, sung) = match instruments::group(words) {
            Some(group) => (group.name.to_owned(), tags.of_group(group), group.sung),
            None => match tags.named(words) {
                Some(tag) => (tag.clone(), vec![tag.clone()], false),
                None => return false,
            },
        };
        if members.is_empty() {
            return false;
        }
        self.groups.insert(name.clone(), members);
        self.push(
            shown,
            Measure::Tags(name),
            refused,
            weight_of(refused) * slight,
        );
        if sung && refused == Stance::Wanted {
            self.push(shown, Measure::Voices, Stance::Wanted, 0.5 * MEASURED);
        }
        true
    }

    fn feel(&mut self, shown: &str, feeling: Feeling, voice: Voice, degree: Degree) {
        let sense = match voice {
            Voice::Wanted => Sense::Asked(degree),
            Voice::NotToo | Voice::Less => Sense::NotToo,
            Voice::Refused | Voice::Not => Sense::Not,
        };
        let slight = if degree == Degree::Slightly || voice == Voice::Less {
            SLIGHT
        } else {
            1.0
        };
        let mut push =
            |measure, weight: f32| self.push(shown, measure, Stance::Wanted, weight * slight);
        if let Some(grade) = feeling.tempo {
            let edges = scale::tempo(grade, sense);
            push(
                Measure::Tempo {
                    edges,
                    counted: false,
                },
                TEMPO,
            );
        }
        if let Some(grade) = feeling.energy {
            push(Measure::Energy(scale::share(grade, sense)), MEASURED);
        }
        if let Some(grade) = feeling.valence {
            push(Measure::Valence(scale::share(grade, sense)), VALENCE);
        }
        if let Some(mode) = feeling.mode {
            let mode = match (voice, mode) {
                (Voice::Wanted, mode) => mode,
                (_, Mode::Major) => Mode::Minor,
                (_, Mode::Minor) => Mode::Major,
            };
            push(Measure::Mode(mode), MODE);
        }
    }

    fn push(&mut self, shown: &str, measure: Measure, stance: Stance, weight: f32) {
        if self.words.len() < MOST_WORDS {
            self.words.push(ReadWord {
                text: shown.to_owned(),
                became: Became::Measured(measure, stance),
                through: None,
                weight,
            });
        }
    }
}

/// Weight of a tag or of voices.
fn weight_of(stance: Stance) -> f32 {
    match stance {
        Stance::Refused => REFUSED,
        Stance::Wanted | Stance::Less => MEASURED,
    }
}

/// Whether sentence space knows more of the words than their measure: not of tempo and mode alone.
fn in_sentence_space(words: &str) -> bool {
    feelings::of(words).is_none_or(|feeling| feeling.energy.is_some() || feeling.valence.is_some())
}

/// The text with its refusal.
fn shown(phrase: &Phrase, tokens: &[Token]) -> String {
    match phrase.refusal.as_str() {
        "" => text(tokens),
        "-" => format!("-{}", text(tokens)),
        "non-" => format!("non-{}", text(tokens)),
        refusal => format!("{refusal} {}", text(tokens)),
    }
}

/// The text without its refusal.
fn bare(shown: &str) -> &str {
    let rest = [
        "not too ",
        "not so ",
        "not very ",
        "not ",
        "no ",
        "without ",
        "minus ",
        "except ",
        "less ",
        "non-",
        "-",
    ]
    .iter()
    .find_map(|refusal| shown.strip_prefix(refusal));
    rest.unwrap_or(shown)
}

/// The larger part outside of edges.
fn opposite(edges: Edges) -> Edges {
    match (edges.low, edges.high) {
        (Some(low), None) => Edges::under(low),
        (None, Some(high)) => Edges::over(high),
        _ => edges,
    }
}

#[cfg(test)]
mod tests;
