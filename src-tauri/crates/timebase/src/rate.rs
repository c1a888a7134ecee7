//! Frame rates as reduced fractions.

use std::fmt;
use std::num::NonZeroU32;

use crate::TimebaseError;

/// Frames per second as a reduced fraction: 29.97 is 30000/1001.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameRate {
    num: NonZeroU32,
    den: NonZeroU32,
}

/// A rate in decimals counts as a standard rate when it differs by less than this part of it.
/// 23.976 and 24 differ by 0.001; a container that rounds to milliseconds is off by 0.0004.
const STANDARD_TOLERANCE: f64 = 4e-4;

impl FrameRate {
    /// 24000/1001.
    pub const FPS_23_976: Self = Self::constant(24_000, 1001);
    /// The rate of cinema.
    pub const FPS_24: Self = Self::constant(24, 1);
    /// The rate of PAL.
    pub const FPS_25: Self = Self::constant(25, 1);
    /// 30000/1001, NTSC.
    pub const FPS_29_97: Self = Self::constant(30_000, 1001);
    /// 30 frames per second exactly.
    pub const FPS_30: Self = Self::constant(30, 1);
    /// 48000/1001.
    pub const FPS_47_952: Self = Self::constant(48_000, 1001);
    /// High-frame-rate cinema.
    pub const FPS_48: Self = Self::constant(48, 1);
    /// 50 frames per second.
    pub const FPS_50: Self = Self::constant(50, 1);
    /// 60000/1001.
    pub const FPS_59_94: Self = Self::constant(60_000, 1001);
    /// 60 frames per second exactly.
    pub const FPS_60: Self = Self::constant(60, 1);
    /// 100 frames per second.
    pub const FPS_100: Self = Self::constant(100, 1);
    /// 120000/1001.
    pub const FPS_119_88: Self = Self::constant(120_000, 1001);
    /// 120 frames per second exactly.
    pub const FPS_120: Self = Self::constant(120, 1);

    /// The rates that cameras and editing programs use, slowest first.
    pub const STANDARD: [Self; 13] = [
        Self::FPS_23_976,
        Self::FPS_24,
        Self::FPS_25,
        Self::FPS_29_97,
        Self::FPS_30,
        Self::FPS_47_952,
        Self::FPS_48,
        Self::FPS_50,
        Self::FPS_59_94,
        Self::FPS_60,
        Self::FPS_100,
        Self::FPS_119_88,
        Self::FPS_120,
    ];

    /// `num` frames in `den` seconds, reduced.
    ///
    /// # Errors
    /// [`TimebaseError::ZeroRate`].
    pub fn new(num: u32, den: u32) -> Result<Self, TimebaseError> {
        Self::reduced(num, den).ok_or(TimebaseError::ZeroRate { num, den })
    }

    /// The standard rate within 0.04 % of `fps`, else `fps` in thousandths.
    ///
    /// # Errors
    /// [`TimebaseError::RateOutOfBounds`].
    pub fn nearest(fps: f64) -> Result<Self, TimebaseError> {
        if !(0.001..=1e6).contains(&fps) {
            return Err(TimebaseError::RateOutOfBounds { fps });
        }
        let off = |rate: &Self| (rate.fps() - fps).abs();
        let standard = Self::STANDARD
            .into_iter()
            .filter(|rate| off(rate) < fps * STANDARD_TOLERANCE)
            .min_by(|a, b| off(a).total_cmp(&off(b)));
        standard.map_or_else(|| Self::new((fps * 1000.0).round() as u32, 1000), Ok)
    }

    /// Numerator of the reduced fraction.
    pub const fn num(self) -> u32 {
        self.num.get()
    }

    /// Denominator of the reduced fraction.
    pub const fn den(self) -> u32 {
        self.den.get()
    }

    /// Frames per second, for display and estimates.
    pub fn fps(self) -> f64 {
        f64::from(self.num()) / f64::from(self.den())
    }

    /// Frames that timecode counts in a second: the rate rounded to a whole number, at least 1.
    pub const fn nominal(self) -> u32 {
        let (num, den) = (self.num() as u64, self.den() as u64);
        let rounded = ((2 * num + den) / (2 * den)) as u32;
        if rounded == 0 { 1 } else { rounded }
    }

    /// Whether SMPTE ST 12 defines drop frame at this rate: 29.97, 59.94 and 119.88.
    pub const fn has_drop_frame(self) -> bool {
        self.den() == 1001 && matches!(self.num(), 30_000 | 60_000 | 120_000)
    }

    const fn reduced(num: u32, den: u32) -> Option<Self> {
        let divisor = greatest_common_divisor(num, den);
        if divisor > 0
            && let Some(num) = NonZeroU32::new(num / divisor)
            && let Some(den) = NonZeroU32::new(den / divisor)
        {
            return Some(Self { num, den });
        }
        None
    }

    const fn constant(num: u32, den: u32) -> Self {
        Self::reduced(num, den).expect("a constant rate is above 0")
    }
}

impl fmt::Display for FrameRate {
    /// At most three decimals, as editors write it: `23.976`, `25`, `29.97`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandths =
            (2000 * u64::from(self.num()) + u64::from(self.den())) / (2 * u64::from(self.den()));
        let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl fmt::Debug for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num(), self.den())
    }
}

const fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_reduced_and_never_zero() {
        assert_eq!(FrameRate::new(50, 2), Ok(FrameRate::FPS_25));
        for (num, den) in [(0, 1), (1, 0), (0, 0)] {
            assert_eq!(
                FrameRate::new(num, den),
                Err(TimebaseError::ZeroRate { num, den })
            );
        }
    }

    #[test]
    fn a_decimal_rate_becomes_the_nearest_standard_rate() {
        for rate in FrameRate::STANDARD {
            assert_eq!(FrameRate::nearest(rate.fps()), Ok(rate));
            assert_eq!(
                FrameRate::nearest((rate.fps() * 1000.0).round() / 1000.0),
                Ok(rate),
                "rounded to three decimals"
            );
        }
        assert_eq!(FrameRate::nearest(12.345), FrameRate::new(12_345, 1000));
        for fps in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(FrameRate::nearest(fps).is_err(), "{fps}");
        }
    }

    #[test]
    fn timecode_counts_whole_frames_a_second() {
        let nominal = FrameRate::STANDARD.map(FrameRate::nominal);
        assert_eq!(
            nominal,
            [24, 24, 25, 30, 30, 48, 48, 50, 60, 60, 100, 120, 120]
        );
        assert_eq!(FrameRate::constant(1, 10).nominal(), 1, "a time lapse");
    }

    #[test]
    fn rates_are_written_as_editors_write_them() {
        let text = |num, den| FrameRate::constant(num, den).to_string();
        assert_eq!(text(24_000, 1001), "23.976");
        assert_eq!(text(30_000, 1001), "29.97");
        assert_eq!(text(25, 1), "25");
        assert_eq!(text(100, 1), "100");
        assert_eq!(text(12_345, 1000), "12.345");
    }
}
