//! The frame strip: one frame for every second of the range.

use crate::{
    MediaError, plan,
    reading::{Survey, Wish},
    sampling::thinned,
};
use std::{ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

/// Which frame stands for a sampling time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// The frame shown at the time: the last one that starts at or before it.
    Exact,
    /// A frame near it that costs little: a key frame, of the same shot and within about a
    /// second where one is; where none is, the exact frame as far as a bounded share of the
    /// pictures reaches, which grows with the distance of key frames. Ten frames or fewer are
    /// exact.
    Fast,
}

/// The size frames are delivered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameSize {
    /// As shown: pixel aspect and rotation applied, otherwise untouched.
    Native,
    /// The shorter side this many pixels, display aspect kept, never enlarged.
    ShortSide(u32),
    /// This width and height, whatever the aspect.
    Stretch(u32, u32),
}

/// What to sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StripRequest {
    /// In and out in seconds of stream time; the whole clip when absent.
    pub range_s: Option<(f64, f64)>,
    /// Exact or fast.
    pub sampling: Sampling,
    /// Size of the frames.
    pub size: FrameSize,
    /// Sampling times at most, for a glance: where the range has more, they lie evenly further apart
    /// than a second. [`crate::MAX_FRAMES`] leaves none out.
    pub most: usize,
}

/// One frame of the strip.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Stream time in seconds at which the frame appears in the clip.
    pub time_s: f64,
    /// The sampling times in seconds that it stands for, ascending and never empty; their
    /// number is its weight in a mean.
    pub times_s: Vec<f64>,
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Packed RGB24, upright, `width * height * 3` bytes.
    pub rgb: Vec<u8>,
}

/// How the sampling went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StripReport {
    /// The range that was sampled, in seconds.
    pub range_s: (f64, f64),
    /// Sampling times that a frame was handed on for.
    pub sampled: usize,
    /// Frames handed on; fewer than `sampled` where one stands for several times.
    pub decoded: usize,
    /// Part of the range was missing or damaged; what there was has been handed on.
    pub corrupt: bool,
}

/// Samples the clip at `path` at `in, in + 1 s, in + 2 s, …` and hands the frames to
/// `on_frame` in time order, on the caller's thread, while the next ones are decoded.
///
/// A range of 60 s (give or take 0.05 s) has 60 sampling times, 90 s has 90, anything
/// under a second one. `on_frame` ends the sampling early by `ControlFlow::Break`; that
/// is no error, and the report tells what was handed on.
///
/// # Errors
/// Every [`MediaError`] but `Write`. [`MediaError::Cancelled`] comes within a few dozen
/// milliseconds of the cancel, a stall after 20 s without any progress.
pub fn frame_strip(
    path: &Path,
    request: &StripRequest,
    cancel: &CancellationToken,
    on_frame: &mut dyn FnMut(Frame) -> ControlFlow<()>,
) -> Result<StripReport, MediaError> {
    Survey::of(
        path,
        request.range_s,
        cancel,
        |index, schedule, origin_s| {
            let times_s: Vec<f64> = thinned(&schedule.times_s, request.most)
                .map(|t| t + origin_s)
                .collect();
            let route = plan::route(index, &times_s, request.sampling);
            Wish { route, times_s }
        },
    )?
    .follow(path, request.size, cancel, on_frame)
}
