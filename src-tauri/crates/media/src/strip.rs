//! The frame strip: one frame for every second of the range.

use crate::{
    MediaError,
    frame::{Frame, FrameSize},
    plan,
    range_plan::{RangePlan, Selection, StripReport},
    sampling::{Sampling, thinned},
};
use std::{ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

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
    RangePlan::new(
        path,
        request.range_s,
        cancel,
        |index, schedule, origin_s| {
            let times_s: Vec<f64> = thinned(&schedule.times_s, request.most)
                .map(|t| t + origin_s)
                .collect();
            let route = plan::route(index, &times_s, request.sampling);
            Selection { route, times_s }
        },
    )?
    .decode(path, request.size, cancel, on_frame)
}
