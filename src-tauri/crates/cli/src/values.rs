//! Parsers for values of options.

use needledrop_ranking::{Key, Weights};

/// In and out of a part of a clip, seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval(pub f64, pub f64);

/// Lowest and highest tempo, beats per minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BpmRange(pub f32, pub f32);

/// A tag with its weight: below zero unwanted.
#[derive(Clone, Debug, PartialEq)]
pub struct TagArg {
    /// Name of the tag.
    pub tag: String,
    /// 1 by default, -1 after a `!`.
    pub weight: f32,
}

/// Reads `IN-OUT`; each side as seconds, `mm:ss(.fff)` or `hh:mm:ss(.fff)`.
pub fn interval(text: &str) -> Result<Interval, String> {
    let wrong = || format!("expected IN-OUT such as 12-72 or 0:12-1:12.5, got {text:?}");
    let (start, end) = text.split_once('-').ok_or_else(wrong)?;
    let start = time_s(start).ok_or_else(wrong)?;
    let end = time_s(end).ok_or_else(wrong)?;
    if end <= start {
        return Err(format!("expected an end after the start, got {text:?}"));
    }
    Ok(Interval(start, end))
}

fn time_s(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.trim().split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let (last, whole) = parts.split_last()?;
    let seconds = plain_number(last)?;
    if !whole.is_empty() && seconds >= 60.0 {
        return None;
    }
    let mut minutes = 0.0;
    for (at, part) in whole.iter().enumerate() {
        let value = f64::from(part.parse::<u32>().ok()?);
        if at > 0 && value >= 60.0 {
            return None;
        }
        minutes = minutes * 60.0 + value;
    }
    Some(minutes * 60.0 + seconds)
}

/// A number of digits and at most one point; no sign, no exponent, no `inf`.
fn plain_number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain.then(|| text.parse().ok()).flatten()
}

/// Reads `A-B`, or one number for ±3 %.
pub fn bpm_range(text: &str) -> Result<BpmRange, String> {
    let wrong = || format!("expected a tempo such as 90-110, within 20 to 400 BPM, got {text:?}");
    let (low, high) = match text.split_once('-') {
        Some((low, high)) => {
            let low = plain_number(low.trim()).ok_or_else(wrong)?;
            (low, plain_number(high.trim()).ok_or_else(wrong)?)
        }
        None => {
            let bpm = plain_number(text.trim()).ok_or_else(wrong)?;
            (bpm * 0.97, bpm * 1.03)
        }
    };
    if !(19.0..=412.0).contains(&low) || !(low..=412.0).contains(&high) {
        return Err(wrong());
    }
    Ok(BpmRange(low as f32, high as f32))
}

/// Reads a key or a Camelot code.
pub fn key(text: &str) -> Result<Key, String> {
    text.parse()
        .map_err(|e: needledrop_ranking::ParseKeyError| e.to_string())
}

/// Reads `TAG`, `!TAG`, `TAG=0.5` or `!TAG=2`.
pub fn tag(text: &str) -> Result<TagArg, String> {
    let (name, weight) = match text.rsplit_once('=') {
        Some((name, weight)) => {
            let weight = plain_number(weight)
                .filter(|w| (0.0..=100.0).contains(w))
                .ok_or_else(|| format!("expected a weight from 0 to 100 after =, got {text:?}"))?;
            (name, weight)
        }
        None => (text, 1.0),
    };
    let (name, sign) = name
        .strip_prefix('!')
        .map_or((name, 1.0), |name| (name, -1.0));
    if name.trim().is_empty() {
        return Err(format!("expected a tag, got {text:?}"));
    }
    let weight = (weight * sign) as f32;
    Ok(TagArg {
        tag: name.trim().to_owned(),
        weight,
    })
}

/// Reads four weights as `V,T,G,K`.
pub fn weights(text: &str) -> Result<Weights, String> {
    let numbers: Vec<f64> = text
        .split(',')
        .map(|part| part.trim().parse::<f64>())
        .collect::<Result<_, _>>()
        .map_err(|_| format!("expected four numbers such as 60,25,10,5, got {text:?}"))?;
    let [visual, tempo, tags, key] = numbers[..] else {
        return Err(format!(
            "expected four numbers such as 60,25,10,5, got {text:?}"
        ));
    };
    Weights::new(visual, tempo, tags, key).map_err(|e| e.to_string())
}

/// Reads a number from 0 to 1.
pub(crate) fn share(text: &str) -> Result<f32, String> {
    let wrong = || format!("expected a number from 0 to 1, got {text:?}");
    let share: f32 = text.trim().parse().map_err(|_| wrong())?;
    (0.0..=1.0)
        .contains(&share)
        .then_some(share)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_in_every_documented_form() {
        for (text, start, end) in [
            ("12-72", 12.0, 72.0),
            ("0-0.5", 0.0, 0.5),
            ("0:12-1:12.5", 12.0, 72.5),
            ("01:02:03-01:03:03.250", 3723.0, 3783.25),
            ("90:00-91:30", 5400.0, 5490.0),
        ] {
            assert_eq!(interval(text), Ok(Interval(start, end)), "{text}");
        }
    }

    #[test]
    fn impossible_ranges_are_refused() {
        for text in [
            "",
            "12",
            "-",
            "5-",
            "-5",
            "72-12",
            "5-5",
            "a-b",
            "1:75-2:00",
            "1:2:3:4-9",
            "1e3-2e3",
            "nan-inf",
            "1:99:00-2:00:00",
        ] {
            assert!(interval(text).is_err(), "{text:?} is not a range");
        }
    }

    #[test]
    fn tempi_are_read_as_range_or_number() {
        assert_eq!(bpm_range("90-110"), Ok(BpmRange(90.0, 110.0)));
        let BpmRange(low, high) = bpm_range("100").unwrap();
        assert!(low < 100.0 && high > 100.0);
        for text in ["110-90", "0-100", "fast", "90-1000", "-90"] {
            assert!(bpm_range(text).is_err(), "{text:?} is not a tempo");
        }
    }

    #[test]
    fn tags_carry_sign_and_weight() {
        let read = |text: &str| tag(text).unwrap();
        assert_eq!(
            read("piano"),
            TagArg {
                tag: "piano".into(),
                weight: 1.0
            }
        );
        assert_eq!(
            read("!vocals=2"),
            TagArg {
                tag: "vocals".into(),
                weight: -2.0
            }
        );
        assert!(tag("!").is_err() && tag("piano=x").is_err());
    }

    #[test]
    fn weights_are_four_numbers() {
        assert!(weights("60,25,10,5").is_ok());
        for text in [
            "60,25,10",
            "a,b,c,d",
            "-1,1,1,1",
            "0,0,0,0",
            "nan,1,1,1",
            "1,1,1,1,1",
        ] {
            assert!(weights(text).is_err(), "{text:?} are not weights");
        }
    }
}
