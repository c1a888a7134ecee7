//! Counts of frames and ranges of them.

use std::fmt;
use std::ops::{Add, Sub};

use crate::{FrameRate, TimebaseError};

/// A number of frames, or the frame of that number counted from 0. Sums saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Frames(pub i64);

impl Add for Frames {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Frames {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The frames from `start` up to, but not including, `end`, at one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameRange {
    rate: FrameRate,
    start: Frames,
    end: Frames,
}

impl FrameRange {
    /// The frames from `start` up to, but not including, `end`. A range may be empty.
    ///
    /// # Errors
    /// [`TimebaseError::BackwardRange`].
    pub fn new(rate: FrameRate, start: Frames, end: Frames) -> Result<Self, TimebaseError> {
        if end < start {
            return Err(TimebaseError::BackwardRange {
                start: start.0,
                end: end.0,
            });
        }
        Ok(Self { rate, start, end })
    }

    /// The frames whose edges are nearest to the two times in seconds. A range in seconds that is
    /// not empty holds at least one frame.
    ///
    /// # Errors
    /// [`TimebaseError::BackwardRange`].
    pub fn nearest_s(rate: FrameRate, (in_s, out_s): (f64, f64)) -> Result<Self, TimebaseError> {
        let (start, end) = (rate.nearest_frame_s(in_s), rate.nearest_frame_s(out_s));
        let end = match in_s < out_s {
            true => end.max(start + Frames(1)),
            false => end,
        };
        Self::new(rate, start, end)
    }

    /// The rate that both ends count with.
    pub const fn rate(self) -> FrameRate {
        self.rate
    }

    /// The first frame of the range.
    pub const fn start(self) -> Frames {
        self.start
    }

    /// The frame after the last one.
    pub const fn end(self) -> Frames {
        self.end
    }

    /// How many frames the range holds.
    pub fn length(self) -> Frames {
        self.end - self.start
    }

    /// Whether the range holds `frame`.
    pub fn contains(self, frame: Frames) -> bool {
        (self.start..self.end).contains(&frame)
    }

    /// In and out in seconds: the start of the first frame and the end of the last one.
    pub fn seconds(self) -> (f64, f64) {
        (self.rate.start_s(self.start), self.rate.start_s(self.end))
    }

    /// The same range at another rate, each edge at the nearest frame.
    pub fn rescale(self, to: FrameRate) -> Self {
        Self {
            rate: to,
            start: self.rate.rescale(self.start, to),
            end: self.rate.rescale(self.end, to),
        }
    }
}

/// `num / den` rounded down; `den` is above 0. Saturates at the ends of `i64`.
pub(crate) fn floor_quotient(num: i128, den: i128) -> Frames {
    saturated(num.div_euclid(den))
}

/// `num / den` rounded to the nearest whole number, halves upward; `den` is above 0.
pub(crate) fn nearest_quotient(num: i128, den: i128) -> Frames {
    let (whole, rest) = (num.div_euclid(den), num.rem_euclid(den));
    saturated(whole + i128::from(rest >= den - rest))
}

fn saturated(value: i128) -> Frames {
    let edge = if value < 0 { i64::MIN } else { i64::MAX };
    Frames(i64::try_from(value).unwrap_or(edge))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: FrameRate = FrameRate::FPS_23_976;

    #[test]
    fn a_range_is_half_open() {
        let range = FrameRange::new(RATE, Frames(10), Frames(12)).unwrap();
        assert_eq!(range.length(), Frames(2));
        let held: Vec<i64> = (8..14).filter(|&n| range.contains(Frames(n))).collect();
        assert_eq!(held, [10, 11]);
        assert_eq!(
            FrameRange::new(RATE, Frames(2), Frames(1)),
            Err(TimebaseError::BackwardRange { start: 2, end: 1 })
        );
    }

    #[test]
    fn seconds_become_the_nearest_edges_and_come_back() {
        let range = FrameRange::nearest_s(RATE, (10.0, 70.0)).unwrap();
        assert_eq!((range.start(), range.end()), (Frames(240), Frames(1678)));
        assert_eq!(FrameRange::nearest_s(RATE, range.seconds()), Ok(range));
        let short = FrameRange::nearest_s(RATE, (1.0, 1.001)).unwrap();
        assert_eq!(short.length(), Frames(1), "no selection is empty");
        assert!(FrameRange::nearest_s(RATE, (2.0, 1.0)).is_err());
    }

    #[test]
    fn quotients_round_halves_upward_on_both_sides_of_zero() {
        let nearest = [-3, -2, -1, 0, 1, 2, 3].map(|n| nearest_quotient(n, 2).0);
        assert_eq!(nearest, [-1, -1, 0, 0, 1, 1, 2]);
        assert_eq!(floor_quotient(-1, 2), Frames(-1));
        assert_eq!(floor_quotient(i128::MAX, 1), Frames(i64::MAX));
        assert_eq!(nearest_quotient(i128::MIN + 1, 1), Frames(i64::MIN));
    }
}
