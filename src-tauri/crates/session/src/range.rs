//! The range of a clip that is matched: its check, its default and its stored value.

use needledrop_engine::media::{ClipInfo, MAX_FRAMES};
use needledrop_engine::projects::{ClipRange, ClipSettings};

use crate::fault::Fault;

/// Longest range that is matched, in seconds: one frame per second.
pub(crate) const MAX_RANGE_S: f64 = MAX_FRAMES as f64;

/// Checks a range in seconds.
///
/// # Errors
/// `invalid_value` unless both ends are finite, not negative and in order.
pub(crate) fn check_range((in_s, out_s): (f64, f64)) -> Result<(), Fault> {
    if in_s.is_finite() && out_s.is_finite() && 0.0 <= in_s && in_s < out_s {
        return Ok(());
    }
    let message = format!("expected an in-point before an out-point, got {in_s} s to {out_s} s");
    Err(Fault::new("invalid_value", message))
}

/// The stored range in seconds; `None` if the clip has become shorter.
pub(crate) fn stored_range(settings: &ClipSettings, info: &ClipInfo) -> Option<(f64, f64)> {
    settings
        .range
        .map(ClipRange::seconds)
        .filter(|&(from, to)| from < to && to <= info.duration_s + 0.05)
}

/// Default range: the whole clip, or the middle 60 s of one over 120 s.
pub(crate) fn default_range(duration_s: f64) -> (f64, f64) {
    if duration_s <= MAX_RANGE_S {
        return (0.0, duration_s);
    }
    let length = MAX_RANGE_S / 2.0;
    let from = ((duration_s - length) / 2.0).floor();
    (from, from + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_clip_gets_its_middle_minute() {
        assert_eq!(default_range(60.0), (0.0, 60.0));
        assert_eq!(default_range(MAX_RANGE_S), (0.0, MAX_RANGE_S));
        assert_eq!(default_range(600.0), (270.0, 330.0));
    }

    #[test]
    fn a_range_needs_two_finite_ends_in_order() {
        assert!(check_range((0.0, 1.0)).is_ok());
        for range in [
            (1.0, 1.0),
            (2.0, 1.0),
            (-1.0, 1.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
        ] {
            assert_eq!(
                check_range(range).unwrap_err().code,
                "invalid_value",
                "{range:?}"
            );
        }
    }
}
