//! The part of a yardstick that a source belongs to, which follows from the source's name alone.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Longest name of a source, bytes.
const LONGEST_NAME: usize = 200;

/// The games that the choices of music were first collected from. Many constants were chosen on them, so as sources of
/// choices they are development sources whatever their names say.
pub const FIRST_GAMES: [&str; 15] = [
    "extremetuxracer",
    "fillets",
    "flare",
    "freedroidrpg",
    "frozenbubble",
    "hedgewars",
    "lugaru",
    "megaglest",
    "neverball",
    "nexuiz",
    "openarena",
    "supertux",
    "supertuxkart",
    "warmux",
    "wesnoth",
];

/// A set of labelled material with a question that it answers.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Yardstick {
    /// Pictures and clips with a brief each: does a picture find its own brief?
    Pictures,
    /// Briefs and tracks with facts: is the music that a brief finds what it asks for?
    Words,
    /// Pictures with the music that people chose: does a picture find the chosen track?
    Choices,
}

impl Yardstick {
    /// All yardsticks.
    pub const ALL: [Yardstick; 3] = [Yardstick::Pictures, Yardstick::Words, Yardstick::Choices];

    /// Name in files and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Yardstick::Pictures => "pictures",
            Yardstick::Words => "words",
            Yardstick::Choices => "choices",
        }
    }

    /// Largest number of readings of the locked part; `None` where they are only counted.
    pub fn most_uses(self) -> Option<usize> {
        match self {
            Yardstick::Choices => Some(3),
            Yardstick::Pictures | Yardstick::Words => None,
        }
    }
}

/// A part of a yardstick.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Fitting, choosing and looking are allowed.
    Development,
    /// For counted readings only: nothing is fitted, chosen or looked at on it.
    Locked,
}

impl Part {
    /// Name in files and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Development => "development",
            Part::Locked => "locked",
        }
    }
}

/// The part that the name of a source gives it: locked where the lowest bit of the first byte of the SHA-256 of
/// `needledrop:` and the name is 1.
pub fn part_of_name(source: &str) -> Part {
    let digest = Sha256::new()
        .chain_update(b"needledrop:")
        .chain_update(source.as_bytes())
        .finalize();
    if digest[0] & 1 == 1 {
        Part::Locked
    } else {
        Part::Development
    }
}

/// The part of a source in a yardstick: [`part_of_name`], except for the [`FIRST_GAMES`] as sources of choices.
pub fn part(yardstick: Yardstick, source: &str) -> Part {
    if yardstick == Yardstick::Choices && FIRST_GAMES.contains(&source) {
        return Part::Development;
    }
    part_of_name(source)
}

/// Says what is wrong with the name of a source. A name has one spelling, because another spelling may belong to the
/// other part.
pub fn fault_of_name(source: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.+@/: ".contains(c);
    let fits = !source.is_empty()
        && source.len() <= LONGEST_NAME
        && source.trim() == source
        && source.chars().all(plain);
    (!fits).then(|| {
        let shown: String = source.chars().take(40).collect();
        format!(
            "expected a source name of 1 to {LONGEST_NAME} lower-case letters, digits and -_.+@/:, got {shown:?}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_is_the_lowest_bit_of_the_first_byte() {
        // python3 -c 'import hashlib;print(hashlib.sha256(b"needledrop:"+name).digest()[0] & 1)'
        for (name, locked) in [
            ("wesnoth", false),
            ("supertux", true),
            ("hedgewars", false),
            ("opencv-doc", true),
            ("scikit-image", true),
            ("ubuntu-wallpapers", true),
            ("widelands-data", false),
            ("0ad-data", true),
        ] {
            let wanted = if locked {
                Part::Locked
            } else {
                Part::Development
            };
            assert_eq!(part_of_name(name), wanted, "{name}");
        }
    }

    #[test]
    fn the_first_games_are_development_as_choices_only() {
        for game in FIRST_GAMES {
            assert_eq!(part(Yardstick::Choices, game), Part::Development, "{game}");
            assert_eq!(part(Yardstick::Words, game), part_of_name(game), "{game}");
        }
        let locked = FIRST_GAMES.map(part_of_name);
        assert!(
            locked.contains(&Part::Locked),
            "the decree changes something"
        );
    }

    #[test]
    fn a_name_has_one_spelling() {
        for name in [
            "wesnoth",
            "@fontsource/inter",
            "lib-2.0+dfsg_x",
            "tears of steel",
            "topic:car-commercial",
        ] {
            assert_eq!(fault_of_name(name), None, "{name}");
        }
        for name in [
            "",
            "Wesnoth",
            " wesnoth",
            "wesnoth ",
            "wes\nnoth",
            &"a".repeat(201),
        ] {
            assert!(fault_of_name(name).is_some(), "{name:?}");
        }
    }
}
