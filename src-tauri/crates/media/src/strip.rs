//! The frame strip: one frame for every second of the range.

use crate::{
    MediaError,
    decode::{self, Shot},
    info::{end_s, orientation},
    packets::{Index, Indexer},
    picture::Painter,
    plan::{self, Route},
    sampling::{Schedule, schedule},
};
use gstreamer::prelude::*;
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
    crate::init()?;
    let mut seen = survey(path, request, cancel)?;
    let first = seen.first_frame_s;
    let mut last_error = None;
    // A route that relies on the index, and, should the decoder's times not fit it or
    // nothing come of it, one that does not.
    for route in [Some(seen.route.clone()), None] {
        let route = match route {
            Some(route) => route,
            None if seen.route != Route::Straight => Route::Straight,
            None => break,
        };
        for factory in &seen.decoders {
            let mut painter = Painter::new(request.size, seen.orientation);
            let mut take = |shot: Shot| {
                let rgb = painter.paint(&shot.sample)?;
                let time_s = crate::demux::seconds(shot.start_ns) - seen.origin_s;
                Ok(on_frame(Frame {
                    time_s: time_s.max(0.0),
                    times_s: shot.times_s.iter().map(|t| t - seen.origin_s).collect(),
                    width: rgb.width,
                    height: rgb.height,
                    rgb: rgb.pixels,
                }))
            };
            let plan = (&route, seen.stream_times_s.as_slice());
            match decode::decode(path, factory.as_ref(), first, plan, cancel, &mut take) {
                Ok(outcome) if outcome.taken > 0 => {
                    let missing = outcome.served < seen.schedule.times_s.len();
                    return Ok(StripReport {
                        range_s: seen.schedule.range_s,
                        sampled: outcome.served,
                        decoded: outcome.taken,
                        corrupt: !outcome.stopped && (missing || outcome.damaged || seen.damaged),
                    });
                }
                Ok(_) => {}
                Err(error @ (MediaError::Cancelled | MediaError::Stalled { .. })) => {
                    return Err(error);
                }
                Err(error) => last_error = Some(error),
            }
        }
        seen.damaged = true;
    }
    Err(last_error.unwrap_or_else(|| MediaError::NoFrames { path: path.into() }))
}

/// What the first pass, which decodes nothing, found out.
struct Survey {
    schedule: Schedule,
    /// The sampling times in stream time.
    stream_times_s: Vec<f64>,
    /// Stream time of the clip's beginning.
    origin_s: f64,
    route: Route,
    decoders: Vec<Option<gstreamer::ElementFactory>>,
    orientation: crate::geometry::Orientation,
    /// Where reading starts again; 0 when at the file's beginning.
    first_frame_s: f64,
    damaged: bool,
}

fn survey(
    path: &Path,
    request: &StripRequest,
    cancel: &CancellationToken,
) -> Result<Survey, MediaError> {
    let indexer = Indexer::open(path, cancel)?;
    indexer.preroll(cancel)?;
    let demux = &indexer.demux;
    let caps = demux
        .video_pad()
        .and_then(|pad| pad.current_caps())
        .ok_or_else(|| MediaError::NoFrames { path: path.into() })?;
    let decoders = decode::decoders(&caps, path)?;
    let orientation = orientation(demux);
    let start_s = request.range_s.map_or(0.0, |r| r.0).max(0.0);
    // Seeking from so near the start would only cost.
    let origin_s = indexer.origin_s();
    let from_s = if start_s.is_finite() && start_s > 2.0 {
        origin_s + start_s
    } else {
        0.0
    };
    let (schedule, index) = match demux.duration_s() {
        Some(duration_s) => {
            let schedule = schedule(request.range_s, duration_s, path)?;
            let until = Some(origin_s + schedule.range_s.1);
            (schedule, indexer.run(from_s, until, usize::MAX, cancel)?)
        }
        None => {
            // Only reading tells how long it is; a little more than the cap is enough.
            let start_s = origin_s + request.range_s.map_or(0.0, |r| r.0);
            let cap_s = start_s + crate::MAX_FRAMES as f64 + 1.0;
            let index = indexer.run(0.0, Some(cap_s), usize::MAX, cancel)?;
            let end_s = end_s(&index) - origin_s;
            (schedule(request.range_s, end_s, path)?, index)
        }
    };
    if index.packets.is_empty() && index.timed {
        return Err(MediaError::NoFrames { path: path.into() });
    }
    let stream_times_s: Vec<f64> = schedule.times_s.iter().map(|t| t + origin_s).collect();
    let route = plan::route(&index, &stream_times_s, request.sampling);
    trace_plan(&index, &route);
    let damaged = index.damaged;
    Ok(Survey {
        schedule,
        stream_times_s,
        origin_s,
        route,
        decoders,
        orientation,
        first_frame_s: from_s,
        damaged,
    })
}

fn trace_plan(index: &Index, route: &Route) {
    let packets = index.packets.len();
    match route {
        Route::Chosen { stamps, targets } => {
            let (decoded, kept) = (stamps.len(), targets.len());
            tracing::debug!(packets, decoded, kept, "planned");
        }
        Route::Straight => tracing::debug!(packets, "decoding straight through"),
    }
}
