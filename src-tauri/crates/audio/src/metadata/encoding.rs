//! Texts whose encoding their tag does not declare, or declares wrongly.
//!
//! For thirty years programs have written their system's encoding where tags ask for Latin-1, and
//! UTF-8, and UTF-16 without its mark. One title is too short to tell these apart; so all texts of a
//! file, and those of the same album beside it, are judged together.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, ISO_2022_JP, ISO_8859_2, ISO_8859_4, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1254, WINDOWS_1257, WINDOWS_1258,
};

use super::entries::{Declared, Entry, Field};

/// Encodings of Latin alphabets.
const LATIN: [&Encoding; 7] = [
    WINDOWS_1252,
    WINDOWS_1250,
    WINDOWS_1254,
    WINDOWS_1257,
    WINDOWS_1258,
    ISO_8859_2,
    ISO_8859_4,
];

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// As in [`Entry::tag`].
    pub tag: u8,
    pub field: Field,
    pub text: String,
    /// Its bytes as stored, where the encoding is a guess.
    pub guessed_from: Option<Vec<u8>>,
}

/// All values of a file, and the name of the encoding that was guessed.
pub(super) struct Values {
    pub all: Vec<Value>,
    pub encoding: Option<&'static str>,
}

/// A value that is text, or bytes in an encoding that is not known yet.
enum Stored {
    Text(String),
    Bytes(Vec<u8>),
}

/// Decodes all values of a file. `neighbours` are texts of the same album, for the guess alone.
pub(super) fn decode(entries: &[Entry], neighbours: &[Vec<u8>]) -> Values {
    let stored: Vec<(&Entry, Stored)> = entries
        .iter()
        .flat_map(|entry| values(entry).into_iter().map(move |value| (entry, value)))
        .collect();
    let unknown = stored.iter().filter_map(|(_, value)| match value {
        Stored::Bytes(bytes) => Some(bytes.as_slice()),
        Stored::Text(_) => None,
    });
    let encoding = guess(unknown.chain(neighbours.iter().map(Vec::as_slice)));
    let all = stored.iter().map(|(entry, stored)| {
        let (text, guessed_from) = match stored {
            Stored::Text(text) => (text.clone(), None),
            Stored::Bytes(bytes) => (read_as(encoding, bytes), Some(bytes.clone())),
        };
        Value {
            tag: entry.tag,
            field: entry.field,
            text,
            guessed_from,
        }
    });
    let all: Vec<Value> = all.collect();
    let is_guess = all.iter().any(|value| value.guessed_from.is_some());
    Values {
        all,
        encoding: is_guess.then(|| encoding.name()),
    }
}

/// The values of a file whose encoding is not known: for its neighbours.
pub(super) fn unknown(entries: &[Entry]) -> Vec<Vec<u8>> {
    let stored = entries.iter().flat_map(values);
    let bytes = stored.filter_map(|value| match value {
        Stored::Bytes(bytes) => Some(bytes),
        Stored::Text(_) => None,
    });
    bytes.collect()
}

/// Values are separated by NUL.
fn values(entry: &Entry) -> Vec<Stored> {
    let wide = |is_big: bool| {
        let units = utf16_units(&entry.bytes, is_big);
        let texts = units
            .split(|&unit| unit == 0)
            .filter(|text| !text.is_empty());
        texts.map(utf16).map(repaired).collect()
    };
    let bytes = &entry.bytes;
    match entry.declared {
        Declared::Utf16 if is_ascii_text(bytes) => narrow(entry, true),
        Declared::Utf16 => wide(is_big_endian(bytes)),
        Declared::Utf16Be if bytes.starts_with(&[0xff, 0xfe]) => wide(false),
        Declared::Utf16Be => wide(true),
        Declared::Bytes | Declared::Utf8 if is_marked_utf16(bytes) => {
            wide(bytes.starts_with(&[0xfe, 0xff]))
        }
        Declared::Bytes => narrow(entry, false),
        Declared::Utf8 => narrow(entry, true),
    }
}

fn narrow(entry: &Entry, is_utf8: bool) -> Vec<Stored> {
    let values = entry
        .bytes
        .split(|&b| b == 0)
        .filter(|value| !value.is_empty());
    values
        .map(|value| {
            let value = value.strip_prefix(b"\xef\xbb\xbf").unwrap_or(value);
            match std::str::from_utf8(value) {
                // ISO-2022-JP consists of ASCII and escapes.
                Ok(text) if !text.contains('\u{1b}') => match is_utf8 {
                    true => repaired(text.to_owned()),
                    false => Stored::Text(text.to_owned()),
                },
                _ => Stored::Bytes(value.to_vec()),
            }
        })
        .collect()
}

fn is_marked_utf16(bytes: &[u8]) -> bool {
    bytes.len() >= 4 && (bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]))
}

/// Text of single bytes that was declared as UTF-16.
fn is_ascii_text(bytes: &[u8]) -> bool {
    let text = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    !text.is_empty() && text.iter().all(|b| (0x20..0x7f).contains(b))
}

/// The order of bytes: by the mark, or else by the half that repeats itself. The upper bytes of a
/// text take few values, because its letters are of few alphabets.
fn is_big_endian(bytes: &[u8]) -> bool {
    match bytes {
        [0xfe, 0xff, ..] => true,
        [0xff, 0xfe, ..] => false,
        _ => {
            let kinds = |from: usize| {
                let mut seen = [false; 256];
                bytes
                    .iter()
                    .skip(from)
                    .step_by(2)
                    .for_each(|&b| seen[usize::from(b)] = true);
                seen.iter().filter(|&&b| b).count()
            };
            let zeros = |from: usize| {
                bytes
                    .iter()
                    .skip(from)
                    .step_by(2)
                    .filter(|&&b| b == 0)
                    .count()
            };
            match zeros(0).cmp(&zeros(1)) {
                std::cmp::Ordering::Equal => kinds(0) < kinds(1),
                order => order.is_gt(),
            }
        }
    }
}

/// A byte at an odd end is left out.
fn utf16_units(bytes: &[u8], is_big: bool) -> Vec<u16> {
    let pairs = bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.try_into().ok());
    pairs
        .map(if is_big {
            u16::from_be_bytes
        } else {
            u16::from_le_bytes
        })
        .collect()
}

/// A value may have a mark of its own, even of the other order.
fn utf16(units: &[u16]) -> String {
    match units {
        [0xfeff, rest @ ..] => String::from_utf16_lossy(rest),
        [0xfffe, rest @ ..] => {
            let swapped: Vec<u16> = rest.iter().map(|unit| unit.swap_bytes()).collect();
            String::from_utf16_lossy(&swapped)
        }
        _ => String::from_utf16_lossy(units),
    }
}

/// A text that some program read in the wrong encoding and stored as Unicode becomes bytes again.
fn repaired(text: String) -> Stored {
    let Some(bytes) = single_bytes(&text) else {
        return Stored::Text(text);
    };
    match std::str::from_utf8(&bytes) {
        Ok(ascii) if ascii.is_ascii() => return Stored::Text(text),
        Ok(read) => return Stored::Text(read.to_owned()),
        Err(_) => {}
    }
    // No text has control characters.
    let has_controls = text
        .chars()
        .any(|c| ('\u{80}'..'\u{a0}').contains(&c) && c != '\u{85}');
    if has_controls || is_foreign(&bytes) {
        Stored::Bytes(bytes)
    } else {
        Stored::Text(text)
    }
}

/// Whether single bytes are of no Latin alphabet: four letters beyond ASCII in a row, and most
/// letters of their word.
fn is_foreign(bytes: &[u8]) -> bool {
    let is_letter = |b: &u8| b.is_ascii_alphabetic() || *b >= 0xc0;
    bytes.split(|b| !is_letter(b)).any(|word| {
        let accents = word.iter().filter(|b| **b >= 0xc0).count();
        let longest = word.split(|b| *b < 0xc0).map(<[u8]>::len).max();
        longest >= Some(4) && 5 * accents >= 3 * word.len()
    })
}

/// The bytes of a text that has only characters of Latin-1 or Windows-1252, some beyond ASCII.
fn single_bytes(text: &str) -> Option<Vec<u8>> {
    if text.is_ascii() {
        return None;
    }
    let latin_1 = text.chars().map(|c| u8::try_from(u32::from(c)).ok());
    latin_1.collect::<Option<Vec<u8>>>().or_else(|| {
        let (bytes, _, has_others) = WINDOWS_1252.encode(text);
        (!has_others).then(|| bytes.into_owned())
    })
}

/// The encoding of all these texts.
fn guess<'a>(texts: impl Iterator<Item = &'a [u8]>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let (mut has_any, mut has_foreign_word) = (false, false);
    for text in texts {
        has_any = true;
        has_foreign_word |= is_foreign(text);
        detector.feed(text, false);
        detector.feed(b"\n", false);
    }
    detector.feed(b"", true);
    if !has_any {
        return WINDOWS_1252;
    }
    let guess = detector.guess(None, Utf8Detection::Allow);
    if !has_foreign_word || !LATIN.contains(&guess) {
        return guess;
    }
    // A word of letters beyond ASCII alone is of no Latin alphabet. Of the others, Cyrillic is by
    // far the most frequent in single bytes.
    let guess = detector.guess(Some(b"ru"), Utf8Detection::Allow);
    if LATIN.contains(&guess) {
        WINDOWS_1251
    } else {
        guess
    }
}

/// Reads a text in an encoding. Where a byte does not fit, the last may be half a character of a
/// field that was cut; otherwise the text is shown as Windows-1252, each byte a character.
fn read_as(encoding: &'static Encoding, bytes: &[u8]) -> String {
    let read = |bytes| encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let cut = || {
        bytes
            .split_last()
            .and_then(|(_, rest)| read(rest))
            .filter(|_| encoding != ISO_2022_JP)
    };
    if let Some(text) = read(bytes).or_else(cut) {
        return text.into_owned();
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            // Bytes that Windows-1252 does not define.
            '\u{80}'..'\u{a0}' => shown.push_str(&format!("\\x{:02x}", u32::from(c))),
            _ => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests;
