//! Keys, modes and the Camelot wheel.

use std::fmt;
use std::str::FromStr;

/// The mode of a key.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    Major,
    Minor,
}

impl Mode {
    /// `"major"` or `"minor"`: the name in JSON documents and in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Major => "major",
            Mode::Minor => "minor",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Mode {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "major" | "maj" => Ok(Mode::Major),
            "minor" | "min" => Ok(Mode::Minor),
            _ => Err(ParseKeyError(text.to_owned())),
        }
    }
}

/// A musical key: tonic pitch class and mode.
///
/// ```
/// use needledrop_ranking::{Key, Mode};
/// let key: Key = "C#m".parse()?;
/// assert_eq!(key, Key::new(1, Mode::Minor));
/// assert_eq!(key.to_string(), "C#m");
/// assert_eq!(key.camelot().to_string(), "12A");
/// # Ok::<(), needledrop_ranking::ParseKeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    tonic: u8,
    mode: Mode,
}

/// The error for a text that is no key, mode or Camelot code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseKeyError(String);

impl fmt::Display for ParseKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected a key such as C, F#m, Bbm or a Camelot code such as 8A, got {:?}",
            self.0
        )
    }
}

impl std::error::Error for ParseKeyError {}

const NAMES: [&str; 12] = [
    "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B",
];

impl Key {
    /// A key from its tonic pitch class (0 = C … 11 = B, taken modulo 12) and mode.
    pub fn new(tonic: u8, mode: Mode) -> Self {
        Self {
            tonic: tonic % 12,
            mode,
        }
    }

    /// Tonic pitch class, 0 = C … 11 = B.
    pub fn tonic(self) -> u8 {
        self.tonic
    }

    /// Major or minor.
    pub fn mode(self) -> Mode {
        self.mode
    }

    /// Position on the Camelot wheel: C major is 8B, A minor is 8A, and a fifth up is one hour further.
    pub fn camelot(self) -> Camelot {
        let major_tonic = match self.mode {
            Mode::Major => self.tonic,
            Mode::Minor => (self.tonic + 3) % 12,
        };
        // Fifths above C: the multiplicative inverse of 7 modulo 12 is 7.
        let fifths = (major_tonic * 7) % 12;
        Camelot {
            hour: (7 + fifths) % 12 + 1,
            mode: self.mode,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAMES[usize::from(self.tonic)])?;
        match self.mode {
            Mode::Major => Ok(()),
            Mode::Minor => f.write_str("m"),
        }
    }
}

impl FromStr for Key {
    type Err = ParseKeyError;

    /// Reads `C`, `Am`, `F#m`, `Bb`, `C# minor`, `Ab maj`, and Camelot codes such as `8A`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        let fail = || ParseKeyError(text.to_owned());
        let mut letters = trimmed.chars();
        let first = letters.next().ok_or_else(fail)?;
        if first.is_ascii_digit() {
            return trimmed.parse::<Camelot>().map(Camelot::key);
        }
        let natural: i8 = match first.to_ascii_uppercase() {
            'C' => 0,
            'D' => 2,
            'E' => 4,
            'F' => 5,
            'G' => 7,
            'A' => 9,
            'B' => 11,
            _ => return Err(fail()),
        };
        let rest = letters.as_str();
        let (shift, rest) = match rest.chars().next() {
            Some('#' | '♯') => (1, &rest[rest.chars().next().map_or(0, char::len_utf8)..]),
            Some('b' | '♭') => (-1, &rest[rest.chars().next().map_or(0, char::len_utf8)..]),
            _ => (0, rest),
        };
        let mode = match rest.trim() {
            "" | "M" => Mode::Major,
            "m" => Mode::Minor,
            word => word.parse().map_err(|_| fail())?,
        };
        let tonic = (natural + shift).rem_euclid(12);
        Ok(Key::new(tonic.unsigned_abs(), mode))
    }
}

/// A position on the Camelot wheel: an hour from 1 to 12, and A for minor or B for major.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Camelot {
    hour: u8,
    mode: Mode,
}

impl Camelot {
    /// The hour, 1 to 12.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// Mode: A is minor, B is major.
    pub fn mode(self) -> Mode {
        self.mode
    }

    /// The key at this position.
    pub fn key(self) -> Key {
        let fifths = (self.hour + 12 - 8) % 12;
        let major_tonic = (fifths * 7) % 12;
        let tonic = match self.mode {
            Mode::Major => major_tonic,
            Mode::Minor => (major_tonic + 9) % 12,
        };
        Key::new(tonic, self.mode)
    }

    /// Steps between two positions: the hours between them, plus one if the letters differ; 0 to 7.
    pub fn distance(self, other: Camelot) -> u8 {
        let apart = (self.hour + 12 - other.hour) % 12;
        apart.min(12 - apart) + u8::from(self.mode != other.mode)
    }
}

impl fmt::Display for Camelot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = match self.mode {
            Mode::Major => 'B',
            Mode::Minor => 'A',
        };
        write!(f, "{}{letter}", self.hour)
    }
}

impl FromStr for Camelot {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = || ParseKeyError(text.to_owned());
        let (digits, mode) = match text.char_indices().next_back() {
            Some((at, 'A' | 'a')) => (&text[..at], Mode::Minor),
            Some((at, 'B' | 'b')) => (&text[..at], Mode::Major),
            _ => return Err(fail()),
        };
        match digits.parse::<u8>() {
            Ok(hour @ 1..=12) => Ok(Camelot { hour, mode }),
            _ => Err(fail()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camelot_codes_are_the_published_ones() {
        for (key, code) in [
            ("C", "8B"),
            ("Am", "8A"),
            ("G", "9B"),
            ("F", "7B"),
            ("B", "1B"),
            ("G#m", "1A"),
            ("E", "12B"),
            ("C#m", "12A"),
            ("Db", "3B"),
            ("F minor", "4A"),
        ] {
            let parsed: Key = key.parse().unwrap();
            assert_eq!(parsed.camelot().to_string(), code, "Camelot code of {key}");
        }
    }

    #[test]
    fn every_key_is_read_back_from_its_text_and_its_code() {
        for tonic in 0..12 {
            for mode in [Mode::Major, Mode::Minor] {
                let key = Key::new(tonic, mode);
                assert_eq!(key.to_string().parse(), Ok(key), "text round trip");
                assert_eq!(key.camelot().key(), key, "wheel round trip");
            }
        }
    }

    #[test]
    fn distance_counts_hours_and_letter() {
        let at = |code: &str| code.parse::<Camelot>().unwrap();
        assert_eq!(at("8A").distance(at("8A")), 0);
        assert_eq!(at("8A").distance(at("8B")), 1);
        assert_eq!(at("12A").distance(at("1A")), 1);
        assert_eq!(at("2B").distance(at("8B")), 6);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "H", "Cmaj7", "13A", "0B", "8C", "A minorish"] {
            assert!(text.parse::<Key>().is_err(), "{text:?} is no key");
        }
    }
}
