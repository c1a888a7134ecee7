//! The dense pass: many small pictures a second, for the analysis of motion and cuts.

use crate::{
    MediaError,
    frame::{Frame, FrameSize},
    packets::Index,
    plan::{self, Route},
    range_plan::{RangePlan, Selection, StripReport},
};
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
};
use tokio_util::sync::CancellationToken;

/// Shorter side of the pictures in pixels: 160 × 90 for 16:9.
const SIDE: u32 = 90;

/// A range of a clip whose packets are known, ready to be watched.
pub struct DensePass {
    path: PathBuf,
    index: Index,
    plan: RangePlan,
}

impl DensePass {
    /// Lists the packets of a range, or of the whole clip, without decoding.
    ///
    /// # Errors
    /// As [`crate::frame_strip`].
    pub fn new(
        path: &Path,
        range_s: Option<(f64, f64)>,
        cancel: &CancellationToken,
    ) -> Result<DensePass, MediaError> {
        let mut kept = None;
        let plan = RangePlan::new(path, range_s, cancel, |index, schedule, origin_s| {
            let (from_s, to_s) = schedule.range_s;
            let (route, times_s) = plan::dense(index, (origin_s + from_s, origin_s + to_s));
            kept = Some(index.clone());
            Selection { route, times_s }
        })?;
        Ok(DensePass {
            path: path.into(),
            index: kept.unwrap_or_default(),
            plan,
        })
    }

    /// Hands on small pictures of the range in time order: each picture near a possible cut, and
    /// elsewhere at least the pictures that others refer to, eleven a second or more where the clip
    /// has them.
    ///
    /// # Errors
    /// As [`crate::frame_strip`].
    pub fn watch(
        &self,
        cancel: &CancellationToken,
        on_frame: &mut dyn FnMut(Frame) -> ControlFlow<()>,
    ) -> Result<StripReport, MediaError> {
        let size = FrameSize::ShortSide(SIDE);
        self.plan.clone().decode(&self.path, size, cancel, on_frame)
    }

    /// Hands on every picture of the given spans, from the first to the last, in time order. A span is
    /// the times in seconds of two pictures of [`watch`](Self::watch), one after the other. Spans come
    /// in order of importance; spans without a picture within are passed over, and so are spans that
    /// would need too many others decoded: in all an eighth of the range's pictures, but 400 to 1,800.
    ///
    /// # Errors
    /// As [`crate::frame_strip`].
    pub fn between(
        &self,
        spans_s: &[(f64, f64)],
        cancel: &CancellationToken,
        on_frame: &mut dyn FnMut(Frame) -> ControlFlow<()>,
    ) -> Result<(), MediaError> {
        let origin_s = self.plan.origin_s;
        let spans_s: Vec<(f64, f64)> = spans_s
            .iter()
            .map(|(from_s, to_s)| (origin_s + from_s, origin_s + to_s))
            .collect();
        let Some((route, times_s)) = plan::between(&self.index, &spans_s) else {
            return Ok(());
        };
        if let Route::Chosen { stamps, targets } = &route {
            let (decoded, kept) = (stamps.len(), targets.len());
            tracing::debug!(decoded, kept, "a second look");
        }
        let plan = self.plan.with(Selection { route, times_s });
        plan.decode(&self.path, FrameSize::ShortSide(SIDE), cancel, on_frame)?;
        Ok(())
    }
}

/// [`DensePass::watch`] of a range, or of the whole clip.
///
/// # Errors
/// As [`crate::frame_strip`].
pub fn dense(
    path: &Path,
    range_s: Option<(f64, f64)>,
    cancel: &CancellationToken,
    on_frame: &mut dyn FnMut(Frame) -> ControlFlow<()>,
) -> Result<StripReport, MediaError> {
    DensePass::new(path, range_s, cancel)?.watch(cancel, on_frame)
}
