//! Tempi in numbers: "120 bpm", "90-110 bpm", "around 100 bpm", "no more than 120 bpm".

use needledrop_ranking::Edges;

use super::tokens::Token;

/// A number without a unit counts as a tempo within these, beats per minute, and only beside a word for a tempo.
const TEMPI: std::ops::RangeInclusive<f32> = 20.0..=400.0;
/// Room around one number, and around one that is only about right.
const EXACT: f32 = 0.03;
const ABOUT: f32 = 0.08;

const UNITS: [&str; 5] = ["bpm", "beats", "bpms", "beat/min", "b.p.m"];
const LEAST: [&str; 8] = [
    "over",
    "above",
    "least",
    "faster",
    "from",
    "exceeding",
    "upwards",
    "beyond",
];
const MOST: [&str; 8] = [
    "under", "below", "most", "slower", "to", "max", "maximum", "within",
];
const NEAR: [&str; 7] = [
    "around",
    "about",
    "roughly",
    "circa",
    "approximately",
    "near",
    "ca",
];
const GLUE: [&str; 9] = [
    "than", "at", "a", "tempo", "of", "up", "per", "minute", "the",
];

/// A tempo at the start of `tokens`, and the number of tokens that it takes.
pub(super) fn tempo(tokens: &[Token]) -> Option<(Edges, usize)> {
    let mut at = 0;
    let (mut least, mut most, mut near, mut negated, mut has_unit) =
        (false, false, false, false, false);
    let mut more = None;
    // Words before the number.
    while let Some(token) = tokens.get(at) {
        match token.plain.as_str() {
            word if word.starts_with(|c: char| c.is_ascii_digit()) => break,
            "no" | "not" => negated = true,
            "more" => more = Some(true),
            "less" | "fewer" => more = Some(false),
            "tempo" | "bpm" => has_unit = true,
            word if LEAST.contains(&word) => least = true,
            word if MOST.contains(&word) => most = true,
            word if NEAR.contains(&word) => near = true,
            word if GLUE.contains(&word) => {}
            _ => return None,
        }
        at += 1;
        if at > 5 {
            return None;
        }
    }
    match more {
        Some(true) => least = true,
        Some(false) => most = true,
        None => {}
    }
    if negated {
        (least, most) = (most, least);
    }
    let (low, high, united) = numbers(&tokens.get(at)?.plain)?;
    has_unit |= united;
    at += 1;
    // "90 to 110 bpm", "90 bpm".
    let (mut low, mut high) = (low, high);
    let joins = |token: Option<&Token>| {
        token.is_some_and(|t| ["to", "-", "and"].contains(&t.plain.as_str()))
    };
    if joins(tokens.get(at))
        && let Some((other, _, united)) = tokens.get(at + 1).and_then(|t| numbers(&t.plain))
    {
        high = other;
        has_unit |= united;
        at += 2;
    }
    while let Some(token) = tokens.get(at) {
        if !(UNITS.contains(&token.plain.as_str())
            || (has_unit && ["per", "minute"].contains(&token.plain.as_str())))
        {
            break;
        }
        has_unit = true;
        at += 1;
    }
    if low > high {
        std::mem::swap(&mut low, &mut high);
    }
    if !has_unit || !TEMPI.contains(&low) || !TEMPI.contains(&high) {
        return None;
    }
    let edges = if least {
        Edges::over(low)
    } else if most {
        Edges::under(high)
    } else if low < high {
        Edges::between(low, high)
    } else {
        let room = if near { ABOUT } else { EXACT };
        Edges::between((low * (1.0 - room)).round(), (low * (1.0 + room)).round())
    };
    Some((edges, at))
}

/// The numbers of "120", "120bpm", "90-110", "90-110bpm", and whether a unit follows.
fn numbers(word: &str) -> Option<(f32, f32, bool)> {
    let (digits, united) = match word.strip_suffix("bpm") {
        Some(digits) => (digits.trim_end_matches('-'), true),
        None => (word, false),
    };
    let (low, high) = digits.split_once('-').unwrap_or((digits, digits));
    let number = |text: &str| -> Option<f32> {
        let plain = !text.is_empty()
            && text.len() <= 8
            && text.chars().all(|c| c.is_ascii_digit() || c == '.');
        plain.then(|| text.parse().ok()).flatten()
    };
    Some((number(low)?, number(high)?, united))
}

#[cfg(test)]
mod tests {
    use super::super::tokens::phrases;
    use super::*;

    fn read(brief: &str) -> Option<(Edges, usize)> {
        tempo(&phrases(brief)[0].tokens)
    }

    #[test]
    fn numbers_become_edges() {
        for (brief, wanted) in [
            ("120 bpm", Edges::between(116.0, 124.0)),
            ("120BPM", Edges::between(116.0, 124.0)),
            ("around 100 bpm", Edges::between(92.0, 108.0)),
            ("90-110 bpm", Edges::between(90.0, 110.0)),
            ("90–110bpm", Edges::between(90.0, 110.0)),
            ("90 to 110 bpm", Edges::between(90.0, 110.0)),
            ("over 140 bpm", Edges::over(140.0)),
            ("under 80 beats per minute", Edges::under(80.0)),
            ("no more than 120 bpm", Edges::under(120.0)),
            ("not over 120 bpm", Edges::under(120.0)),
            ("less than 100 bpm", Edges::under(100.0)),
            ("at least 128 bpm", Edges::over(128.0)),
            ("tempo 96", Edges::between(93.0, 99.0)),
        ] {
            assert_eq!(read(brief).map(|found| found.0), Some(wanted), "{brief}");
        }
    }

    #[test]
    fn other_numbers_are_no_tempi() {
        for brief in [
            "80s pop",
            "1990",
            "9000 bpm",
            "5-5-5 bpm",
            "1e9 bpm",
            "more cowbell",
            "808 bass",
            "12",
        ] {
            assert_eq!(read(brief), None, "{brief}");
        }
    }
}
