//! The sampling times of a strip. Pure.

use crate::MediaError;
use std::path::Path;

/// Most frames of a strip; longer ranges are refused.
pub const MAX_FRAMES: usize = 120;

/// Which frame stands for a sampling time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// The frame shown at the time: the last one that starts at or before it.
    Exact,
    /// A frame near it that is cheap to decode: a key frame in the same shot within about one
    /// second. For times without one the exact frame, as far as a bounded share of the pictures
    /// allows; the bound grows with the distance of key frames. Ten frames or fewer are exact.
    Fast,
}

/// Tolerance of lengths, seconds. A clip of 59.97 s (1,798 frames at 29.97) is a minute for its
/// editor, and sound padding makes 120 s into 120.02.
const SLACK_S: f64 = 0.05;

/// The sampled range and its sampling times.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Schedule {
    /// In and out point in seconds of stream time, within the clip.
    pub range_s: (f64, f64),
    /// Sampling times: `range_s.0 + i`, in seconds, ascending.
    pub times_s: Vec<f64>,
}

/// One sampling time a second over `range_s`, or over the whole clip.
///
/// # Errors
/// [`MediaError::RangeOutside`] if the range is empty, not finite or outside the clip;
/// [`MediaError::ClipTooLong`] if it needs more than [`MAX_FRAMES`] frames.
pub(crate) fn schedule(
    range_s: Option<(f64, f64)>,
    duration_s: f64,
    path: &Path,
) -> Result<Schedule, MediaError> {
    let (start_s, end_s) = range_s.unwrap_or((0.0, duration_s));
    let sound = start_s.is_finite() && end_s.is_finite() && start_s >= 0.0 && start_s < end_s;
    if !sound || start_s >= duration_s || end_s > duration_s + SLACK_S {
        return Err(MediaError::RangeOutside {
            start_s,
            end_s,
            duration_s,
            path: path.into(),
        });
    }
    let end_s = end_s.min(duration_s);
    let length_s = end_s - start_s;
    if length_s > MAX_FRAMES as f64 + SLACK_S {
        return Err(MediaError::ClipTooLong {
            length_s,
            cap: MAX_FRAMES,
            path: path.into(),
        });
    }
    let count = ((length_s + SLACK_S).floor() as usize).max(1);
    let times_s = (0..count).map(|i| start_s + i as f64).collect();
    Ok(Schedule {
        range_s: (start_s, end_s),
        times_s,
    })
}

/// At most `most` of the times, evenly spaced.
pub(crate) fn thinned(times_s: &[f64], most: usize) -> impl Iterator<Item = f64> {
    let step = times_s.len().div_ceil(most.max(1)).max(1);
    let first = (step - 1) / 2;
    times_s.iter().skip(first).step_by(step).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinned_times_cover_the_range_evenly() {
        let times_s: Vec<f64> = (0..60).map(f64::from).collect();
        let of = |most| thinned(&times_s, most).collect::<Vec<_>>();
        assert_eq!(of(120), times_s);
        assert_eq!(of(60), times_s);
        let glance = of(20);
        assert_eq!((glance.len(), glance[0], glance[19]), (20, 1.0, 58.0));
        assert_eq!(of(25).len(), 20, "never more");
        assert_eq!(of(0).len(), 1);
        assert_eq!(thinned(&[], 5).count(), 0);
    }

    fn count(range_s: Option<(f64, f64)>, duration_s: f64) -> usize {
        schedule(range_s, duration_s, Path::new("c"))
            .unwrap()
            .times_s
            .len()
    }

    fn code(range_s: Option<(f64, f64)>, duration_s: f64) -> &'static str {
        schedule(range_s, duration_s, Path::new("c"))
            .unwrap_err()
            .code()
    }

    #[test]
    fn a_minute_gives_sixty_frames_and_ninety_seconds_give_ninety() {
        assert_eq!(count(None, 60.0), 60, "a whole minute");
        assert_eq!(count(None, 59.97), 60, "a minute at 29.97 frames a second");
        assert_eq!(count(None, 60.02), 60, "a minute with sound padding");
        assert_eq!(count(None, 90.0), 90, "a minute and a half");
        assert_eq!(
            count(None, 120.02),
            MAX_FRAMES,
            "the cap, with sound padding"
        );
        assert_eq!(
            count(None, 0.2),
            1,
            "a clip under a second still has a frame"
        );
    }

    #[test]
    fn times_start_at_the_in_point() {
        let laid = schedule(Some((12.5, 15.5)), 100.0, Path::new("c")).unwrap();
        assert_eq!(laid.times_s, [12.5, 13.5, 14.5], "in + i");
        assert_eq!(laid.range_s, (12.5, 15.5), "the range as asked");
    }

    #[test]
    fn a_range_over_the_limit_is_refused_with_the_limit_and_a_hint() {
        let error = schedule(None, 121.0, Path::new("c")).unwrap_err();
        assert_eq!(error.code(), "clip_too_long", "the code");
        assert!(
            error.to_string().contains("120"),
            "the cap is named: {error}"
        );
        assert!(
            error.hint().unwrap().contains("--range"),
            "the way out is named"
        );
        assert_eq!(
            count(Some((0.0, 120.0)), 3600.0),
            120,
            "a range of a long clip is fine"
        );
    }

    #[test]
    fn empty_ranges_and_ranges_outside_the_clip_are_refused() {
        for range in [
            (10.0, 9.0),
            (5.0, 5.0),
            (-1.0, 3.0),
            (20.0, 21.0),
            (0.0, 20.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
        ] {
            assert_eq!(
                code(Some(range), 10.0),
                "range_outside",
                "range {range:?} of 10 s"
            );
        }
    }
}
