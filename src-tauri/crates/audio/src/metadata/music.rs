//! Tempo and key as programs of disc jockeys write them.

use needledrop_ranking::{Camelot, Key};

/// Tempos outside this range are taken for typing errors, beats per minute.
const BPM: std::ops::RangeInclusive<f32> = 20.0..=400.0;

/// Reads `128`, `127.98`, `127,98`, `128 BPM` and `BPM: 128`.
pub(super) fn bpm(text: &str) -> Option<f32> {
    let text = text.trim();
    let text = match text.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("bpm") => {
            text[3..].trim_start_matches([' ', ':', '='])
        }
        _ => text,
    };
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim();
    if !(unit.is_empty()
        || unit.eq_ignore_ascii_case("bpm")
        || unit.starts_with(['/', '(', '-', ';']))
    {
        return None;
    }
    let bpm: f32 = number.replace(',', ".").parse().ok()?;
    BPM.contains(&bpm).then_some(bpm)
}

/// Reads the notations of [`Key`], Camelot and Open Key codes (`1d` is C major, `1m` A minor, each
/// step a fifth up), names such as `F sharp minor` and `Cmaj`, and several of these in one text,
/// such as `4A - Fm`: the first that is a key counts.
pub(super) fn key(text: &str) -> Option<Key> {
    let whole = plain(text);
    let parts = whole
        .split(['/', '|', ',', ';', '(', ')', '[', ']', '–'])
        .flat_map(|part| part.split(" - "));
    one_key(&whole).or_else(|| parts.into_iter().find_map(one_key))
}

/// The key at the start of a comment, as in `4A - 120` and `Fm - Energy 6`. A comment is prose
/// otherwise.
pub(super) fn key_in_comment(text: &str) -> Option<Key> {
    let (first, rest) = text.split_once(" - ")?;
    let is_code = rest.trim().starts_with(|c: char| c.is_ascii_digit())
        || rest.trim_start().starts_with("Energy");
    one_key(&plain(first)).filter(|_| is_code)
}

/// The tempo in a comment, as in `4A - 120` and `128 BPM`.
pub(super) fn bpm_in_comment(text: &str) -> Option<f32> {
    if key_in_comment(text).is_some() {
        return text.split(" - ").skip(1).find_map(|part| bpm(part.trim()));
    }
    let lower = text.to_ascii_lowercase();
    let (before, _) = lower.split_once("bpm")?;
    let number = before
        .trim_end()
        .rsplit(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .next()?;
    bpm(number.trim_matches(['.', ',']))
}

/// Signs and words as [`Key`] reads them.
fn plain(text: &str) -> String {
    let lower = text.trim().replace(['♯', '＃'], "#").replace('♭', "b");
    let mut words: Vec<String> = Vec::new();
    for word in lower.split_whitespace() {
        match (word.to_ascii_lowercase().as_str(), words.last_mut()) {
            ("sharp" | "#", Some(note)) => note.push('#'),
            ("flat" | "b", Some(note)) if note.len() == 1 => note.push('b'),
            _ => words.push(word.to_owned()),
        }
    }
    words.join(" ").replace("-sharp", "#").replace("-flat", "b")
}

fn one_key(text: &str) -> Option<Key> {
    let text = without_tuning(text.trim());
    if let Ok(key) = text.parse() {
        return Some(key);
    }
    open_key(text).or_else(|| short_mode(text))
}

/// Rapid Evolution adds the tuning in cents: `A#m +50`, `04B -50cents`.
fn without_tuning(text: &str) -> &str {
    let number = text.trim_end_matches("cents").trim_end();
    let before = number.trim_end_matches(|c: char| c.is_ascii_digit());
    match before.strip_suffix(['+', '-']) {
        Some(key) if before.len() < number.len() => key.trim_end(),
        _ => text,
    }
}

fn open_key(text: &str) -> Option<Key> {
    let (hour, letter) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let letter = match letter {
        "m" | "M" => "A",
        "d" | "D" => "B",
        _ => return None,
    };
    let hour: u32 = hour.parse().ok().filter(|h| (1..=12).contains(h))?;
    let camelot: Camelot = format!("{}{letter}", (hour + 6) % 12 + 1).parse().ok()?;
    Some(camelot.key())
}

/// `Cmaj`, `F#min`, `Bb-`, `C dur`, `a moll`.
fn short_mode(text: &str) -> Option<Key> {
    let lower = text.to_ascii_lowercase();
    for (ending, mode) in [
        ("maj", ""),
        ("min", "m"),
        ("dur", ""),
        ("moll", "m"),
        ("mol", "m"),
        ("-", "m"),
    ] {
        if let Some(note) = lower.strip_suffix(ending)
            && (1..=2).contains(&note.trim().len())
        {
            return format!("{}{mode}", note.trim()).parse().ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tempos_are_read_in_every_usual_spelling_and_nonsense_is_refused() {
        for (text, want) in [
            ("128", Some(128.0)),
            (" 127.98", Some(127.98)),
            ("92,5", Some(92.5)),
            ("120.00", Some(120.0)),
            ("128 BPM", Some(128.0)),
            ("128bpm", Some(128.0)),
            ("BPM: 128", Some(128.0)),
            ("128 / 64", Some(128.0)),
            ("0", None),
            ("19.9", None),
            ("401", None),
            ("-120", None),
            ("NaN", None),
            ("inf", None),
            ("12800", None),
            ("fast", None),
            ("bpm", None),
            ("120 miles", None),
            ("", None),
        ] {
            assert_eq!(bpm(text), want, "{text:?}");
        }
    }

    #[test]
    fn keys_are_read_in_every_notation() {
        for (text, want) in [
            ("Am", "Am"),
            ("A minor", "Am"),
            ("8A", "Am"),
            ("08A", "Am"),
            ("1m", "Am"),
            ("1d", "C"),
            ("2d", "G"),
            ("12d", "F"),
            ("6m", "G#m"),
            ("F#m", "F#m"),
            ("Bb", "A#"),
            ("Abm", "G#m"),
            ("4A - Fm", "Fm"),
            ("Fm - 4A", "Fm"),
            ("Fm/4A", "Fm"),
            ("4A (Fm)", "Fm"),
            ("F♯ minor", "F#m"),
            ("F sharp minor", "F#m"),
            ("E flat major", "D#"),
            ("F-sharp minor", "F#m"),
            ("Cmaj", "C"),
            ("F#min", "F#m"),
            ("Ebmin", "D#m"),
            ("a moll", "Am"),
            ("C dur", "C"),
            ("4a", "Fm"),
            ("A#m +50", "A#m"),
            ("Ab -50", "G#"),
            ("04B -50cents", "G#"),
        ] {
            let got = key(text).map(|k| k.to_string());
            let want = want.parse::<Key>().unwrap().to_string();
            assert_eq!(got.as_deref(), Some(want.as_str()), "{text:?}");
        }
        for text in [
            "", "o", "H", "13A", "0m", "13d", "mm", "é", "Off key", "Fast", "-", "All",
        ] {
            assert_eq!(key(text), None, "{text:?}");
        }
    }

    #[test]
    fn comments_give_key_and_tempo_only_where_programs_wrote_them() {
        let read = |text: &str| {
            (
                key_in_comment(text).map(|k| k.to_string()),
                bpm_in_comment(text),
            )
        };
        assert_eq!(read("4A - 120"), (Some("Fm".to_owned()), Some(120.0)));
        assert_eq!(
            read("8A - 6"),
            (Some("Am".to_owned()), None),
            "an energy level"
        );
        assert_eq!(read("8A - 127.5 - 6"), (Some("Am".to_owned()), Some(127.5)));
        assert_eq!(read("Fm - Energy 6"), (Some("Fm".to_owned()), None));
        assert_eq!(read("Recorded at 96 BPM, live"), (None, Some(96.0)));
        assert_eq!(read("A - side of the single"), (None, None));
        assert_eq!(read("made 2003"), (None, None));
    }
}
