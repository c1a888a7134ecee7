//! Rows of the tables and their SQL. Nothing here knows the undo log.

use needledrop_timebase::{FrameRange, FrameRate, Frames};
use rusqlite::Row;
use rusqlite::types::Type;

use crate::range::ClipRange;

pub(crate) mod bins;
pub(crate) mod clips;
pub(crate) mod picks;

/// Reads a rate from two columns that are both NULL or both set.
fn rate(row: &Row<'_>, at: usize) -> Result<Option<FrameRate>, rusqlite::Error> {
    let num: Option<u32> = row.get(at)?;
    num.zip(row.get(at + 1)?)
        .map(|(num, den)| FrameRate::new(num, den).map_err(|error| unreadable(at, error)))
        .transpose()
}

/// Reads frames of `rate` from two columns that are both NULL or both set.
fn frames(
    row: &Row<'_>,
    at: usize,
    rate: Option<FrameRate>,
) -> Result<Option<FrameRange>, rusqlite::Error> {
    let start: Option<i64> = row.get(at)?;
    let (Some(rate), Some((start, end))) = (rate, start.zip(row.get(at + 1)?)) else {
        return Ok(None);
    };
    FrameRange::new(rate, Frames(start), Frames(end))
        .map(Some)
        .map_err(|error| unreadable(at, error))
}

/// The range as four columns: in and out in frames, numerator and denominator of the rate.
fn frame_columns(range: ClipRange) -> [Option<i64>; 4] {
    let frames = range.frames();
    let rate = frames.map(FrameRange::rate);
    [
        frames.map(|frames| frames.start().0),
        frames.map(|frames| frames.end().0),
        rate.map(|rate| rate.num().into()),
        rate.map(|rate| rate.den().into()),
    ]
}

/// The error of a column with a value of the wrong kind.
fn unreadable(
    column: usize,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Real, error.into())
}
