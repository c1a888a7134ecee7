//! Seconds as a fraction, and the conversions between seconds and frames.

use std::num::NonZeroU32;

use crate::frames::nearest_quotient;
use crate::{FrameRate, Frames};

/// How much of a frame a time in `f64` seconds may lie before a frame's start and still show that
/// frame. It covers the rounding of `f64` over days and of timestamps in whole nanoseconds, which
/// is below 1e-6 of a frame up to 240 fps.
const FRAME_TOLERANCE: f64 = 1e-4;

/// Seconds as an exact, reduced fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seconds {
    num: i128,
    den: NonZeroU32,
}

impl Seconds {
    /// Numerator of the reduced fraction.
    pub const fn num(self) -> i128 {
        self.num
    }

    /// Denominator of the reduced fraction.
    pub const fn den(self) -> u32 {
        self.den.get()
    }

    /// The nearest `f64`; beyond a numerator of 2^53 within two units in the last place.
    pub fn to_f64(self) -> f64 {
        if self.num.unsigned_abs() <= 1 << f64::MANTISSA_DIGITS {
            return self.num as f64 / f64::from(self.den());
        }
        let den = i128::from(self.den());
        let (whole, rest) = (self.num.div_euclid(den), self.num.rem_euclid(den));
        whole as f64 + rest as f64 / f64::from(self.den())
    }
}

impl FrameRate {
    /// The exact start of `frame`.
    pub fn start(self, frame: Frames) -> Seconds {
        let num = i128::from(frame.0) * i128::from(self.den());
        let common = gcd(num.unsigned_abs(), u128::from(self.num())).max(1);
        let den = NonZeroU32::new((u128::from(self.num()) / common) as u32);
        Seconds {
            num: num / common as i128,
            den: den.unwrap_or(NonZeroU32::MIN),
        }
    }

    /// The start of `frame` in seconds.
    pub fn start_s(self, frame: Frames) -> f64 {
        self.start(frame).to_f64()
    }

    /// The frame that is on the screen at `at_s`: the last one that starts at or before it, with a
    /// tolerance of 0.0001 of a frame, so that `frame_shown_at_s(start_s(n))` is `n`. Use it for a
    /// playhead. Times that are no numbers give frame 0.
    pub fn frame_shown_at_s(self, at_s: f64) -> Frames {
        // The cast saturates, and turns NaN into 0.
        Frames((at_s * self.fps() + FRAME_TOLERANCE).floor() as i64)
    }

    /// The frame whose start is nearest to `at_s`, halves upward. Use it for an edge: a cut or an
    /// in-point whose seconds were rounded. Times that are no numbers give frame 0.
    pub fn nearest_frame_s(self, at_s: f64) -> Frames {
        Frames((at_s * self.fps() + 0.5).floor() as i64)
    }

    /// The frame of the rate `to` whose start is nearest to that of `frame`, halves upward.
    pub fn rescale(self, frame: Frames, to: Self) -> Frames {
        let seconds = i128::from(frame.0) * i128::from(self.den());
        // 63 + 32 + 32 bits and a sign.
        nearest_quotient(
            seconds * i128::from(to.num()),
            i128::from(self.num()) * i128::from(to.den()),
        )
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY_S: i64 = 24 * 3600;

    #[test]
    fn a_frame_starts_at_an_exact_fraction() {
        let start = FrameRate::FPS_23_976.start(Frames(1));
        assert_eq!((start.num(), start.den()), (1001, 24_000));
        let start = FrameRate::FPS_29_97.start(Frames(30_000));
        assert_eq!((start.num(), start.den()), (1001, 1));
        assert_eq!(FrameRate::FPS_25.start_s(Frames(-1)), -0.04);
    }

    #[test]
    fn times_that_are_no_numbers_give_the_first_frame() {
        assert_eq!(FrameRate::FPS_25.frame_shown_at_s(f64::NAN), Frames(0));
        assert_eq!(FrameRate::FPS_25.nearest_frame_s(f64::NAN), Frames(0));
    }

    #[test]
    fn the_shown_frame_stays_until_the_next_one_starts() {
        let rate = FrameRate::FPS_25;
        assert_eq!(rate.frame_shown_at_s(0.079), Frames(1));
        assert_eq!(rate.nearest_frame_s(0.079), Frames(2));
        assert_eq!(rate.frame_shown_at_s(0.08), Frames(2));
    }

    proptest! {
        #[test]
        fn a_frame_is_shown_at_its_own_start_within_a_week(
            at in 0..FrameRate::STANDARD.len(), part in 0.0..1.0_f64
        ) {
            let rate = FrameRate::STANDARD[at];
            let frame = Frames((part * rate.fps() * (7 * DAY_S) as f64) as i64);
            let start_s = rate.start_s(frame);
            prop_assert_eq!(rate.frame_shown_at_s(start_s), frame);
            prop_assert_eq!(rate.nearest_frame_s(start_s), frame);
            let in_ns = (start_s * 1e9).floor() / 1e9;
            prop_assert_eq!(rate.frame_shown_at_s(in_ns), frame, "in whole nanoseconds");
        }

        #[test]
        fn rescaling_is_off_by_half_a_frame_at_most(
            from in 0..FrameRate::STANDARD.len(), to in 0..FrameRate::STANDARD.len(),
            frame in -10_000_000..10_000_000_i64
        ) {
            let (from, to) = (FrameRate::STANDARD[from], FrameRate::STANDARD[to]);
            let there = from.rescale(Frames(frame), to);
            let off_s = from.start_s(Frames(frame)) - to.start_s(there);
            prop_assert!(off_s.abs() * to.fps() <= 0.5 + 1e-6, "{off_s} s");
            prop_assert_eq!(from.rescale(Frames(frame), from), Frames(frame));
        }
    }
}
