//! The dense pass: many small pictures a second, for the analysis of motion and cuts.

use crate::{
    MediaError,
    frame::{Frame, FrameSize},
    plan,
    range_plan::{RangePlan, Selection, StripReport},
};
use std::{ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

/// Shorter side of the pictures in pixels: 160 × 90 for 16:9.
const SIDE: u32 = 90;

/// Hands on small pictures of a range in time order: each picture near a possible cut, and
/// elsewhere at least the pictures that others refer to, eleven a second or more where the clip has
/// them.
///
/// # Errors
/// As [`crate::frame_strip`].
pub fn dense(
    path: &Path,
    range_s: Option<(f64, f64)>,
    cancel: &CancellationToken,
    on_frame: &mut dyn FnMut(Frame) -> ControlFlow<()>,
) -> Result<StripReport, MediaError> {
    RangePlan::new(path, range_s, cancel, |index, schedule, origin_s| {
        let (from_s, to_s) = schedule.range_s;
        let (route, times_s) = plan::dense(index, (origin_s + from_s, origin_s + to_s));
        Selection { route, times_s }
    })?
    .decode(path, FrameSize::ShortSide(SIDE), cancel, on_frame)
}
