//! Frame rates, frame counts, ranges in frames and SMPTE timecode, in exact arithmetic.
//!
//! ```
//! use needledrop_timebase::{FrameRate, Frames, Timecode};
//!
//! let rate = FrameRate::FPS_29_97;
//! let start = Timecode::parse("00:59:58;00", rate)?;
//! let cut = start + Frames(61);
//! assert_eq!(cut.to_string(), "01:00:00;01");
//! assert_eq!(rate.samples(cut.frames(), 48_000)?, 172_801_429, "the nearest sample");
//! assert_eq!(rate.frame_shown_at_s(2.0), Frames(59), "the 60th frame starts at 2.002 s");
//! # Ok::<(), needledrop_timebase::TimebaseError>(())
//! ```
//!
//! A position is a whole number of frames together with a [`FrameRate`], which is a reduced
//! fraction: 29.97 is 30000/1001. Seconds leave and enter as `f64` only in the functions whose
//! names end in `_s`; each of them documents how it rounds. Everything else is integer arithmetic.
//!
//! Deliberately absent: media files (the crate `media` reads a clip's rate and start timecode),
//! variable frame rates, feet and frames, sub-frames.

mod error;
mod frames;
mod rate;
mod samples;
mod seconds;
#[cfg(feature = "serde")]
mod serialized;
mod timecode;

pub use error::TimebaseError;
pub use frames::{FrameRange, Frames};
pub use rate::FrameRate;
pub use seconds::Seconds;
pub use timecode::{Fields, Timecode};
