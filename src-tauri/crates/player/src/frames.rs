//! Seconds and frames. Pure.
//!
//! A frame is one sample of each channel at [`RATE_HZ`]. The crate counts in frames, so an in-point is
//! exact to the sample; callers give and get seconds.

/// Frames a second of decoded sound, whatever the rates of file and device.
pub const RATE_HZ: u32 = 48_000;

/// Times are held within ± this, seconds.
const LONGEST_S: f64 = 1e6;

/// The frame nearest to a time; 0 for NaN.
pub fn frame_at(time_s: f64) -> i64 {
    let time_s = if time_s.is_nan() { 0.0 } else { time_s };
    (time_s.clamp(-LONGEST_S, LONGEST_S) * f64::from(RATE_HZ)).round() as i64
}

/// The time of a frame, seconds.
pub fn seconds(frame: f64) -> f64 {
    frame / f64::from(RATE_HZ)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_frame_converts_to_seconds_and_back(frame in -40_000_000_000i64..40_000_000_000) {
            prop_assert_eq!(frame_at(seconds(frame as f64)), frame);
        }
    }

    #[test]
    fn invalid_times_are_bounded() {
        assert_eq!(frame_at(f64::NAN), 0);
        assert_eq!(frame_at(f64::INFINITY), 48_000_000_000);
        assert_eq!(frame_at(-1e300), -48_000_000_000);
    }
}
