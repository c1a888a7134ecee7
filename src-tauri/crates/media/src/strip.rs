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

/// Which frames of a clip are wanted, and their size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StripRequest {
    /// In and out point in seconds of stream time; `None` for the whole clip.
    pub range_s: Option<(f64, f64)>,
    /// Exact frames, or cheap ones near them.
    pub sampling: Sampling,
    /// Size of the delivered frames.
    pub size: FrameSize,
    /// Largest number of sampling times. If the range has more, they are thinned evenly;
    /// [`crate::MAX_FRAMES`] keeps them all.
    pub most: usize,
}

/// Samples the clip at `path` at `in, in + 1 s, in + 2 s, …`. Hands the frames to `on_frame` in
/// time order on the caller's thread while the next ones are decoded.
///
/// A range of 60 s (± 0.05 s) has 60 sampling times, 90 s has 90, less than a second has one.
/// `on_frame` ends the sampling early with `ControlFlow::Break`; that is no error, and the report
/// counts the frames until then.
///
/// # Errors
/// Every [`MediaError`] except `Write`. [`MediaError::Cancelled`] comes a few dozen milliseconds
/// after the cancel, [`MediaError::Stalled`] after 20 s without progress.
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
