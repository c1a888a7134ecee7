//! How the analysis of a track is stored as numbers and bytes, and what is checked when it is read: a catalog can come
//! from a stranger, or from a failing disk.

use needledrop_ranking::{Beats, Curve, Ending, Mood, SectionKind};
use rusqlite::Row;
use rusqlite::types::{FromSql, Type, ValueRef};

use crate::vector::{from_f32_bytes, to_f32_bytes};

/// Longest blob that is read, bytes: more than any curve of a day.
const MOST_BYTES: usize = 16 << 20;
/// How far the square of a vector's length may be from 1: rounding is 1e-6.
const LENGTH_WITHIN: f32 = 1e-3;
/// Latest time in a track that is accepted, seconds.
pub(crate) const LATEST_S: f64 = 7.0 * 86_400.0;
/// Fastest tempo that is accepted.
pub(crate) const FASTEST_BPM: f32 = 10_000.0;
/// Highest rate of a curve that is accepted, values a second.
const HIGHEST_HZ: f32 = 10_000.0;

/// What is wrong with a value, for an error message.
pub(crate) type Wrong = String;

/// The error for a value that cannot be right.
pub(crate) fn damaged(column: usize, wrong: Wrong) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, wrong.into())
}

/// The bytes in a column; `None` for NULL.
pub(crate) fn blob<'a>(
    row: &'a Row<'_>,
    column: usize,
) -> Result<Option<&'a [u8]>, rusqlite::Error> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Blob(bytes) if bytes.len() <= MOST_BYTES => Ok(Some(bytes)),
        ValueRef::Blob(bytes) => Err(damaged(column, format!("a value of {} bytes", bytes.len()))),
        _ => Err(damaged(
            column,
            "a number or text where bytes belong".into(),
        )),
    }
}

/// The vector in a column: `dim` numbers, of length one.
pub(crate) fn unit_vector(
    row: &Row<'_>,
    column: usize,
    dim: usize,
) -> Result<Vec<f32>, rusqlite::Error> {
    let bytes = blob(row, column)?.unwrap_or_default();
    let vector = from_f32_bytes(bytes);
    if vector.len() != dim || bytes.len() != dim * 4 {
        let wrong = format!(
            "a vector of {} bytes where {} were expected",
            bytes.len(),
            dim * 4
        );
        return Err(damaged(column, wrong));
    }
    let squares: f32 = vector.iter().map(|x| x * x).sum();
    if !(1.0 - LENGTH_WITHIN..=1.0 + LENGTH_WITHIN).contains(&squares) {
        let wrong = format!("a vector of length {} where 1 was expected", squares.sqrt());
        return Err(damaged(column, wrong));
    }
    Ok(vector)
}

/// The number in a column, which must be from `least` to `most`; `None` for NULL.
pub(crate) fn between(
    row: &Row<'_>,
    column: usize,
    what: &str,
    (least, most): (f64, f64),
) -> Result<Option<f64>, rusqlite::Error> {
    let value: Option<f64> = row.get(column)?;
    match value {
        Some(value) if !(least..=most).contains(&value) => Err(damaged(
            column,
            format!("{what} of {value} where {least} to {most} was expected"),
        )),
        value => Ok(value),
    }
}

/// The share in a column, 0 to 1.
pub(crate) fn share(
    row: &Row<'_>,
    column: usize,
    what: &str,
) -> Result<Option<f32>, rusqlite::Error> {
    Ok(between(row, column, what, (0.0, 1.0))?.map(|value| value as f32))
}

/// The time in a column, seconds from the start of a track.
pub(crate) fn time_s(
    row: &Row<'_>,
    column: usize,
    what: &str,
) -> Result<Option<f64>, rusqlite::Error> {
    between(row, column, what, (0.0, LATEST_S))
}

/// The time in a column that cannot be NULL, seconds from the start of a track.
pub(crate) fn required_time_s(
    row: &Row<'_>,
    column: usize,
    what: &str,
) -> Result<f64, rusqlite::Error> {
    time_s(row, column, what)?.ok_or_else(|| damaged(column, format!("{what} of no value")))
}

/// The number in a column; `None` for NULL and for infinity.
pub(crate) fn finite<T: FromSql + Into<f64> + Copy>(
    row: &Row<'_>,
    column: usize,
) -> Result<Option<T>, rusqlite::Error> {
    let value: Option<T> = row.get(column)?;
    Ok(value.filter(|&value| value.into().is_finite()))
}

/// Pairs of floats as bytes.
pub(crate) fn pairs_bytes(pairs: impl IntoIterator<Item = (f32, f32)>) -> Vec<u8> {
    let flat: Vec<f32> = pairs.into_iter().flat_map(|(a, b)| [a, b]).collect();
    to_f32_bytes(&flat)
}

/// The pairs in `bytes`, all of them finite.
pub(crate) fn pairs(bytes: &[u8], what: &str) -> Result<Vec<(f32, f32)>, Wrong> {
    if !bytes.len().is_multiple_of(8) {
        return Err(format!(
            "{what} of {} bytes where pairs of floats were expected",
            bytes.len()
        ));
    }
    let floats = from_f32_bytes(bytes);
    if floats.iter().any(|x| !x.is_finite()) {
        return Err(format!("{what} with a number that is not finite"));
    }
    Ok(floats
        .as_chunks::<2>()
        .0
        .iter()
        .map(|&[a, b]| (a, b))
        .collect())
}

/// Stretches of tempo, (start in seconds, beats per minute), as bytes.
pub(crate) fn stretches_bytes(stretches: &[(f64, f32)]) -> Vec<u8> {
    pairs_bytes(
        stretches
            .iter()
            .map(|&(start_s, bpm)| (start_s as f32, bpm)),
    )
}

/// The stretches in `bytes`: in time order, with tempi above 0.
pub(crate) fn stretches(bytes: &[u8]) -> Result<Vec<(f64, f32)>, Wrong> {
    let stretches: Vec<(f64, f32)> = pairs(bytes, "stretches of tempo")?
        .into_iter()
        .map(|(start_s, bpm)| (f64::from(start_s), bpm))
        .collect();
    let times: Vec<f64> = stretches.iter().map(|&(start_s, _)| start_s).collect();
    check_times(&times, "stretches of tempo")?;
    match stretches
        .iter()
        .find(|(_, bpm)| !(*bpm > 0.0 && *bpm <= FASTEST_BPM))
    {
        Some((_, bpm)) => Err(format!("a stretch of {bpm} beats per minute")),
        None => Ok(stretches),
    }
}

/// Whether a time in seconds can be in a track.
pub(crate) fn is_time(time_s: f64) -> bool {
    (0.0..=LATEST_S).contains(&time_s)
}

/// Checks that times can be in a track and are ascending.
fn check_times(times_s: &[f64], what: &str) -> Result<(), Wrong> {
    if let Some(time) = times_s.iter().find(|time| !is_time(**time)) {
        return Err(format!("{what} with a time of {time} s"));
    }
    if times_s.is_sorted_by(|a, b| a < b) {
        return Ok(());
    }
    Err(format!("{what} that are not in time order"))
}

/// Beats as bytes: their times, and the numbers of the downbeats.
pub(crate) fn beats_bytes(beats: &Beats) -> (Vec<u8>, Vec<u8>) {
    let times: Vec<f32> = beats.times_s.iter().map(|&time| time as f32).collect();
    (to_f32_bytes(&times), u32_bytes(&beats.downbeats))
}

/// Checks that beats are ascending, that downbeats are beats, and that a bar has 1 to 16 beats.
fn check_beats(beats: &Beats) -> Result<(), Wrong> {
    check_times(&beats.times_s, "beats")?;
    if !beats.downbeats.is_sorted_by(|a, b| a < b) {
        return Err("downbeats that are not in order".into());
    }
    let beyond = |&&at: &&u32| at as usize >= beats.times_s.len();
    if let Some(at) = beats.downbeats.iter().find(beyond) {
        return Err(format!("a downbeat {at} of {} beats", beats.times_s.len()));
    }
    if !(1..=16).contains(&beats.per_bar) {
        return Err(format!("{} beats in a bar", beats.per_bar));
    }
    if !(0.0..=1.0).contains(&beats.confidence) {
        return Err(format!("confidence {} in beats", beats.confidence));
    }
    Ok(())
}

/// Reads beats from the parts that [`beats_bytes`] writes, and checks them.
pub(crate) fn beats(
    times: &[u8],
    downbeats: &[u8],
    per_bar: u8,
    confidence: f32,
) -> Result<Beats, Wrong> {
    if !times.len().is_multiple_of(4) {
        return Err(format!("beats of {} bytes", times.len()));
    }
    let beats = Beats {
        times_s: from_f32_bytes(times).into_iter().map(f64::from).collect(),
        downbeats: u32s(downbeats, "downbeats")?,
        per_bar,
        confidence,
    };
    check_beats(&beats).map(|()| beats)
}

/// Checks rate and length of a curve.
pub(crate) fn check_curve(curve: &Curve, what: &str) -> Result<(), Wrong> {
    if curve.values.len() > MOST_BYTES {
        return Err(format!("a curve of {} values: {what}", curve.values.len()));
    }
    // An empty curve need not have a rate.
    let least = if curve.values.is_empty() {
        0.0
    } else {
        f32::MIN_POSITIVE
    };
    if (least..=HIGHEST_HZ).contains(&curve.rate_hz) {
        return Ok(());
    }
    Err(format!(
        "a curve with {} values a second: {what}",
        curve.rate_hz
    ))
}

/// Numbers as little-endian bytes.
pub(crate) fn u32_bytes(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// The little-endian numbers in `bytes`.
pub(crate) fn u32s(bytes: &[u8], what: &str) -> Result<Vec<u32>, Wrong> {
    let (whole, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(format!("{what} of {} bytes", bytes.len()));
    }
    Ok(whole.iter().map(|four| u32::from_le_bytes(*four)).collect())
}

/// The mood in `bytes`: four shares.
pub(crate) fn mood(bytes: &[u8]) -> Result<Mood, Wrong> {
    match from_f32_bytes(bytes)[..] {
        [action, sad, happy, calm]
            if bytes.len() == 16
                && [action, sad, happy, calm]
                    .iter()
                    .all(|share| (0.0..=1.0).contains(share)) =>
        {
            Ok(Mood {
                action,
                sad,
                happy,
                calm,
            })
        }
        _ => Err(format!(
            "a mood of {} bytes that is no four shares",
            bytes.len()
        )),
    }
}

/// The kind of a section with this number.
pub(crate) fn section_kind(number: i64) -> Result<SectionKind, Wrong> {
    usize::try_from(number)
        .ok()
        .and_then(|at| SectionKind::ALL.get(at).copied())
        .ok_or_else(|| format!("a section of kind {number}"))
}

/// The number that a kind of section is stored as.
pub(crate) fn section_number(kind: SectionKind) -> usize {
    SectionKind::ALL
        .iter()
        .position(|&k| k == kind)
        .unwrap_or(1)
}

/// The ending with this number.
pub(crate) fn ending(number: i64) -> Result<Ending, Wrong> {
    usize::try_from(number)
        .ok()
        .and_then(|at| Ending::ALL.get(at).copied())
        .ok_or_else(|| format!("an ending of kind {number}"))
}

/// The number that an ending is stored as.
pub(crate) fn ending_number(ending: Ending) -> usize {
    Ending::ALL.iter().position(|&e| e == ending).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some_beats() -> Beats {
        Beats {
            times_s: vec![0.5, 1.0, 1.5],
            downbeats: vec![0, 2],
            per_bar: 4,
            confidence: 0.5,
        }
    }

    #[test]
    fn beats_are_read_as_they_were_written() {
        let written = some_beats();
        let (times, downbeats) = beats_bytes(&written);
        assert_eq!(beats(&times, &downbeats, 4, 0.5), Ok(written));
    }

    #[test]
    fn impossible_beats_are_refused() {
        let (times, downbeats) = beats_bytes(&some_beats());
        assert!(beats(&times[1..], &downbeats, 4, 0.5).is_err(), "cut");
        assert!(beats(&times, &downbeats[1..], 4, 0.5).is_err(), "cut");
        assert!(beats(&times[..8], &downbeats, 4, 0.5).is_err(), "beyond");
        assert!(beats(&times, &downbeats, 0, 0.5).is_err(), "no bar");
        assert!(beats(&times, &downbeats, 4, f32::NAN).is_err());
        let mut turned = some_beats();
        turned.times_s.swap(0, 1);
        let (times, downbeats) = beats_bytes(&turned);
        assert!(beats(&times, &downbeats, 4, 0.5).is_err(), "not ascending");
        let (times, _) = beats_bytes(&Beats {
            times_s: vec![f64::NAN],
            ..some_beats()
        });
        assert!(beats(&times, &[], 4, 0.5).is_err(), "not finite");
    }

    #[test]
    fn values_outside_their_range_are_refused() {
        assert!(mood(&to_f32_bytes(&[0.25; 4])).is_ok());
        assert!(mood(&to_f32_bytes(&[0.25; 3])).is_err());
        assert!(mood(&to_f32_bytes(&[0.25, 0.25, -0.1, 0.6])).is_err());
        assert!(section_kind(5).is_err() && section_kind(-1).is_err());
        assert!(ending(3).is_err());
        assert!(pairs(&[0; 9], "readings").is_err());
        assert!(pairs(&f32::INFINITY.to_le_bytes().repeat(2), "readings").is_err());
    }

    #[test]
    fn kinds_are_read_as_they_were_written() {
        for kind in SectionKind::ALL {
            assert_eq!(section_kind(section_number(kind) as i64), Ok(kind));
        }
        for each in Ending::ALL {
            assert_eq!(ending(ending_number(each) as i64), Ok(each));
        }
    }
}
