//! A range of a clip with the packets to decode: planned in the first pass, decoded in the second.

use crate::{
    MediaError,
    convert::FrameConverter,
    decode::{self, DecodedFrame},
    decoders::decoders,
    frame::{Frame, FrameSize},
    geometry::Orientation,
    info::{end_s, orientation},
    packets::{Index, Indexer, Limit},
    plan::Route,
    sampling::{MAX_FRAMES, Schedule, schedule},
    startup::init,
    stream_time::seconds,
};
use gstreamer::prelude::*;
use std::{ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

/// Result of sampling a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StripReport {
    /// The sampled range, seconds.
    pub range_s: (f64, f64),
    /// Number of sampling times that got a frame.
    pub sampled: usize,
    /// Number of frames; less than `sampled` if a frame stands for several times.
    pub decoded: usize,
    /// A part of the range is missing or damaged; the rest was handed on.
    pub corrupt: bool,
}

/// The route and the times that it serves.
#[derive(Clone)]
pub(crate) struct Selection {
    pub route: Route,
    /// Stream times in seconds that need a picture, ascending.
    pub times_s: Vec<f64>,
}

/// The result of the first pass, which decodes nothing.
#[derive(Clone)]
pub(crate) struct RangePlan {
    pub schedule: Schedule,
    /// Stream time of the clip's start, seconds.
    pub origin_s: f64,
    selection: Selection,
    decoders: Vec<Option<gstreamer::ElementFactory>>,
    orientation: Orientation,
    /// Stream time to seek to before decoding; 0 for the start of the file.
    first_frame_s: f64,
    damaged: bool,
}

impl RangePlan {
    /// Lists the packets of the range. `select` chooses among them, given the schedule and the
    /// stream time of the clip's start.
    ///
    /// # Errors
    /// Any reason why the clip or the range is not usable.
    pub fn new(
        path: &Path,
        range_s: Option<(f64, f64)>,
        cancel: &CancellationToken,
        select: impl FnOnce(&Index, &Schedule, f64) -> Selection,
    ) -> Result<RangePlan, MediaError> {
        init()?;
        let indexer = Indexer::open(path, cancel)?;
        indexer.preroll(cancel)?;
        let demux = &indexer.demux;
        let caps = demux
            .video_pad()
            .and_then(|pad| pad.current_caps())
            .ok_or_else(|| MediaError::NoFrames { path: path.into() })?;
        let decoders = decoders(&caps, path)?;
        let orientation = orientation(demux);
        let start_s = range_s.map_or(0.0, |r| r.0).max(0.0);
        // A seek so near the start would only cost time.
        let origin_s = indexer.origin_s();
        let from_s = if start_s.is_finite() && start_s > 2.0 {
            origin_s + start_s
        } else {
            0.0
        };
        let (schedule, index) = match demux.duration_s() {
            Some(duration_s) => {
                let schedule = schedule(range_s, duration_s, path)?;
                let until = Some(origin_s + schedule.range_s.1);
                (schedule, indexer.run(from_s, until, Limit::NONE, cancel)?)
            }
            None => {
                // Only reading gives the length; a little more than the limit is enough.
                let start_s = origin_s + range_s.map_or(0.0, |r| r.0);
                let cap_s = start_s + MAX_FRAMES as f64 + 1.0;
                let index = indexer.run(0.0, Some(cap_s), Limit::NONE, cancel)?;
                let end_s = end_s(&index) - origin_s;
                (schedule(range_s, end_s, path)?, index)
            }
        };
        if index.packets.is_empty() && index.timed {
            return Err(MediaError::NoFrames { path: path.into() });
        }
        let selection = select(&index, &schedule, origin_s);
        trace_plan(&index, &selection.route);
        Ok(RangePlan {
            schedule,
            origin_s,
            selection,
            decoders,
            orientation,
            first_frame_s: from_s,
            damaged: index.damaged,
        })
    }

    /// The same range with other pictures.
    pub fn with(&self, selection: Selection) -> RangePlan {
        RangePlan {
            selection,
            ..self.clone()
        }
    }

    /// Decodes the chosen pictures and hands them on with their stream times and the sampling times
    /// that they stand for.
    ///
    /// # Errors
    /// The error that prevented the first picture; [`MediaError::Cancelled`].
    pub fn decode(
        mut self,
        path: &Path,
        size: FrameSize,
        cancel: &CancellationToken,
        on_frame: &mut dyn FnMut(Frame) -> ControlFlow<()>,
    ) -> Result<StripReport, MediaError> {
        let mut last_error = None;
        let straight = (self.selection.route != Route::Straight).then_some(Route::Straight);
        // First the planned route. If the decoder's times do not fit the index, or no picture
        // comes, the route without it.
        for route in [Some(&self.selection.route), straight.as_ref()]
            .into_iter()
            .flatten()
        {
            for factory in &self.decoders {
                let mut converter = FrameConverter::new(size, self.orientation);
                let mut take = |frame: DecodedFrame| {
                    let rgb = converter.convert(&frame.sample)?;
                    let time_s = seconds(frame.start_ns) - self.origin_s;
                    Ok(on_frame(Frame {
                        time_s: time_s.max(0.0),
                        times_s: frame.times_s.iter().map(|t| t - self.origin_s).collect(),
                        width: rgb.width,
                        height: rgb.height,
                        rgb: rgb.pixels,
                    }))
                };
                let plan = (route, self.selection.times_s.as_slice());
                let from_s = self.first_frame_s;
                match decode::decode(path, factory.as_ref(), from_s, plan, cancel, &mut take) {
                    Ok(outcome) if outcome.taken > 0 => {
                        let missing = outcome.served < self.selection.times_s.len();
                        return Ok(StripReport {
                            range_s: self.schedule.range_s,
                            sampled: outcome.served,
                            decoded: outcome.taken,
                            corrupt: !outcome.stopped
                                && (missing || outcome.damaged || self.damaged),
                        });
                    }
                    Ok(_) => {}
                    Err(error @ (MediaError::Cancelled | MediaError::Stalled { .. })) => {
                        return Err(error);
                    }
                    Err(error) => last_error = Some(error),
                }
            }
            self.damaged = true;
        }
        Err(last_error.unwrap_or_else(|| MediaError::NoFrames { path: path.into() }))
    }
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
