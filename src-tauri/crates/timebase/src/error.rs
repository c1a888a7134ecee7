/// Why a rate, a range or a timecode is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TimebaseError {
    /// A numerator or a denominator is 0.
    #[error("expected a frame rate above 0, got {num}/{den}; give both numbers as at least 1")]
    ZeroRate {
        /// Frames in `den` seconds.
        num: u32,
        /// Seconds.
        den: u32,
    },
    /// A frame rate in decimals is no positive number, or too large for a fraction of `u32`.
    #[error("expected a frame rate from 0.001 to 1000000, got {fps}; give frames per second")]
    RateOutOfBounds {
        /// Frames per second.
        fps: f64,
    },
    /// Drop frame exists only at 29.97, 59.94 and 119.88.
    #[error(
        "expected 29.97, 59.94 or 119.88 fps for drop frame, got {rate}; use ':' before the frames"
    )]
    NoDropFrame {
        /// The rate without drop frame, as editors write it.
        rate: String,
    },
    /// A text is no timecode.
    #[error(
        "expected a timecode such as 01:00:00:00, got \"{text}\"; write hours, minutes, seconds and frames"
    )]
    Malformed {
        /// At most 40 characters of the text.
        text: String,
    },
    /// One of the four numbers is too large.
    #[error("expected {field} from 0 to {most}, got {found}; correct the timecode")]
    FieldTooLarge {
        /// `hours`, `minutes`, `seconds` or `frames`.
        field: &'static str,
        /// The largest that exists.
        most: u32,
        /// The number that was given.
        found: u32,
    },
    /// The label is one of those that drop frame skips.
    #[error(
        "expected a timecode that exists, got {label}: drop frame skips frames 0 to {last} of this minute; use frame {next}"
    )]
    SkippedLabel {
        /// The label that does not exist.
        label: String,
        /// The last skipped frame of the minute's first second.
        last: u32,
        /// The first frame that exists.
        next: u32,
    },
    /// A range ends before it starts.
    #[error(
        "expected a range that ends at or after frame {start}, got an end at frame {end}; swap them"
    )]
    BackwardRange {
        /// First frame of the range.
        start: i64,
        /// Frame after the last one.
        end: i64,
    },
    /// A sample rate is 0.
    #[error("expected a sample rate above 0 Hz, got 0; give samples per second")]
    ZeroSampleRate,
}
