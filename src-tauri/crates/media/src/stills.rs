//! Evenly spaced pictures of a clip of any length, the cheapest ones first.

mod keys;
mod onward;
mod order;
mod search;
mod seeker;

use crate::{
    MediaError,
    decoders::decoders,
    frame::{Frame, FrameSize},
    info::examine,
};
use search::{Search, Still};
use std::{
    ops::ControlFlow,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};
use tokio_util::sync::CancellationToken;

/// Most pictures in one request.
pub const MOST_STILLS: usize = 4_000;

/// Largest height of a picture, pixels.
const TALLEST: u32 = 1_080;
/// Which pictures of a clip are wanted, and their size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StillsRequest {
    /// In and out point in seconds of the clip; `None` for the whole clip.
    pub range_s: Option<(f64, f64)>,
    /// Number of pictures; each stands for an equal part of the range.
    pub count: usize,
    /// Height of a picture, pixels.
    pub height_px: u32,
}

/// Result of reading the pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StillsReport {
    /// The range in seconds.
    pub range_s: (f64, f64),
    /// Number of parts that got a picture.
    pub found: usize,
    /// A part has no picture, or a damaged one.
    pub corrupt: bool,
}

/// Hands on a picture for each of `count` equal parts of the range: the picture nearest to the
/// middle of the part among those that decode alone, in an order that soon covers the whole range.
/// If that picture lies in another part, the exact one follows under the same index.
/// [`Frame::time_s`] is the time of the picture, [`Frame::times_s`] the middle of its part.
///
/// # Errors
/// Any reason why the clip is not readable; [`MediaError::RangeOutside`];
/// [`MediaError::Cancelled`].
pub fn stills(
    path: &Path,
    request: &StillsRequest,
    cancel: &CancellationToken,
    on_still: &mut dyn FnMut(usize, Frame) -> ControlFlow<()>,
) -> Result<StillsReport, MediaError> {
    let examined = examine(path, cancel)?;
    let info = &examined.info;
    let range_s = range(request.range_s, info.duration_s, path)?;
    let count = request.count.clamp(1, MOST_STILLS);
    let height = request.height_px.clamp(8, TALLEST);
    let width = u64::from(info.width.max(1)) * u64::from(height) / u64::from(info.height.max(1));
    let decoders = decoders(&examined.caps, path)?;
    let search = Search {
        path,
        examined: &examined,
        decoders: &decoders,
        size: FrameSize::Stretch((width as u32).clamp(8, 4 * TALLEST), height),
        range_s,
        count,
        cancel,
        stopped: AtomicBool::new(false),
    };
    let mut given = vec![false; count];
    let mut far: Vec<usize> = Vec::new();
    let mut first = |still: Still| {
        given[still.index] = true;
        if !search.is_near(still.index, still.frame.time_s) {
            far.push(still.index);
        }
        on_still(still.index, still.frame)
    };
    let damaged = match search.seeks() {
        true => search.keys(&mut first)?,
        false => search.sweep(&mut first)?,
    };
    far.extend((0..count).filter(|&index| !given[index]));
    far.sort_unstable();
    let mut broken = damaged;
    if !search.stopped.load(Ordering::Relaxed) && !far.is_empty() {
        broken |= search.through(&far, &mut |still| {
            given[still.index] = true;
            on_still(still.index, still.frame)
        })?;
    }
    let found = given.iter().filter(|given| **given).count();
    if found == 0 && !search.stopped.load(Ordering::Relaxed) {
        return Err(MediaError::NoFrames { path: path.into() });
    }
    Ok(StillsReport {
        range_s,
        found,
        corrupt: (broken || found < count) && !search.stopped.load(Ordering::Relaxed),
    })
}

fn range(
    asked: Option<(f64, f64)>,
    duration_s: f64,
    path: &Path,
) -> Result<(f64, f64), MediaError> {
    let (start_s, end_s) = asked.unwrap_or((0.0, duration_s));
    let outside = |s: f64| !s.is_finite() || s < 0.0;
    if outside(start_s) || outside(end_s) || start_s >= end_s.min(duration_s) {
        return Err(MediaError::RangeOutside {
            start_s,
            end_s,
            duration_s,
            path: path.into(),
        });
    }
    Ok((start_s, end_s.min(duration_s)))
}
