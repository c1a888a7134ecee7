//! Seconds and frames. Pure.
//!
//! A frame is one sample of each channel at [`RATE_HZ`]. Everything inside is counted in frames, so
//! that an in-point is right to the sample; seconds are for the outside.

/// Frames a second of every recording as it is held, whatever the file and the device have.
pub const RATE_HZ: u32 = 48_000;

/// Longest time that is taken at its word, seconds: times beyond come from broken arithmetic.
const LONGEST_S: f64 = 1e6;

/// The frame nearest to a time; a time that is no number is 0.
pub fn frame_at(time_s: f64) -> i64 {
    let time_s = if time_s.is_nan() { 0.0 } else { time_s };
    (time_s.clamp(-LONGEST_S, LONGEST_S) * f64::from(RATE_HZ)).round() as i64
}

/// The time of a place among the frames.
pub fn seconds(frame: f64) -> f64 {
    frame / f64::from(RATE_HZ)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_frame_survives_the_way_through_seconds(frame in -40_000_000_000i64..40_000_000_000) {
            prop_assert_eq!(frame_at(seconds(frame as f64)), frame);
        }
    }

    #[test]
    fn what_is_no_time_is_bounded() {
        assert_eq!(frame_at(f64::NAN), 0);
        assert_eq!(frame_at(f64::INFINITY), 48_000_000_000);
        assert_eq!(frame_at(-1e300), -48_000_000_000);
    }
}
