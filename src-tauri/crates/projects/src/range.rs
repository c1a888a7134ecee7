//! The part of a clip that is matched, in seconds and in frames.

use needledrop_timebase::{FrameRange, FrameRate};
use serde::{Deserialize, Serialize};

/// A range of a clip. It always has seconds. Frames are absent only for a clip of a schema 1 file that was not opened
/// since, because the rate is read from the clip's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClipRange {
    range_s: (f64, f64),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frames: Option<FrameRange>,
}

impl ClipRange {
    /// A range in frames. Its seconds are the start of the first and the end of the last frame.
    pub fn of_frames(frames: FrameRange) -> Self {
        Self {
            range_s: frames.seconds(),
            frames: Some(frames),
        }
    }

    /// A range in seconds, in and out. It gets the nearest frames when it is saved for a clip with a known rate.
    pub fn of_seconds(range_s: (f64, f64)) -> Self {
        Self {
            range_s,
            frames: None,
        }
    }

    pub(crate) fn stored(range_s: (f64, f64), frames: Option<FrameRange>) -> Self {
        Self { range_s, frames }
    }

    /// In and out in seconds.
    pub fn seconds(self) -> (f64, f64) {
        self.range_s
    }

    /// The frames with their rate.
    pub fn frames(self) -> Option<FrameRange> {
        self.frames
    }

    /// The same seconds with the nearest frames at `rate`.
    pub(crate) fn counted(self, rate: FrameRate) -> Self {
        Self {
            frames: FrameRange::nearest_s(rate, self.range_s).ok(),
            ..self
        }
    }

    /// The range with frames, if it has none and the rate is known.
    pub(crate) fn filled(self, rate: Option<FrameRate>) -> Self {
        match (self.frames, rate) {
            (None, Some(rate)) => self.counted(rate),
            _ => self,
        }
    }
}
