//! A range of a clip with the packets to decode: planned in the first pass, decoded in the second.

use crate::{
    MediaError,
    convert::FrameConverter,
    decode::{self, DecodedFrame, Outcome},
    decoders::decoders,
    frame::{Frame, FrameSize},
    geometry::Orientation,
    info::examine,
    limit::Limit,
    packets::{Index, Indexer},
    plan::Route,
    sampling::{Schedule, schedule},
    startup::init,
    stream_time::{nanoseconds, seconds},
};
use std::{ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

/// A range that ends this close to the end of a clip that was cut short is damaged, seconds.
const CUT_S: f64 = 0.1;

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
    /// Time from which on it is damaged, seconds of the clip; `None` if it is not.
    pub damaged_from_s: Option<f64>,
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
    /// Stream time from which on packets are damaged or missing, ns.
    damaged_ns: Option<i64>,
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
        let examined = examine(path, cancel)?;
        let decoders = decoders(&examined.caps, path)?;
        let (duration_s, origin_s) = (examined.info.duration_s, examined.info.origin_s);
        let schedule = schedule(range_s, duration_s, path)?;
        let indexer = Indexer::open(path, cancel)?;
        indexer.preroll(cancel)?;
        let start_s = schedule.range_s.0;
        let until_s = Some(origin_s + schedule.range_s.1);
        // A seek so near the start would only cost time.
        let from_s = match start_s > 2.0 && !examined.reads_through {
            true => origin_s + start_s,
            false => 0.0,
        };
        let mut index = match examined.reads_through {
            true => indexer.run_through(origin_s + start_s, until_s, cancel)?,
            false => indexer.run(from_s, until_s, Limit::NONE, cancel)?,
        };
        let ends_s = origin_s + duration_s;
        if examined.info.is_cut_short() && schedule.range_s.1 > duration_s - CUT_S {
            index.damaged_from(nanoseconds(ends_s));
        }
        if index.seen == 0 && index.timed {
            return Err(MediaError::NoFrames { path: path.into() });
        }
        let selection = select(&index, &schedule, origin_s);
        trace_plan(&index, &selection.route);
        Ok(RangePlan {
            schedule,
            origin_s,
            selection,
            decoders,
            orientation: examined.orientation,
            first_frame_s: from_s,
            damaged_ns: index.damaged_ns,
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
                        return Ok(self.report(&outcome));
                    }
                    Ok(_) => {}
                    Err(error @ (MediaError::Cancelled | MediaError::Stalled { .. })) => {
                        return Err(error);
                    }
                    Err(error) => last_error = Some(error),
                }
            }
            // The index does not fit the stream.
            self.damaged_ns = Some(nanoseconds(self.origin_s + self.schedule.range_s.0));
        }
        Err(last_error.unwrap_or_else(|| MediaError::NoFrames { path: path.into() }))
    }
}

impl RangePlan {
    fn report(&self, outcome: &Outcome) -> StripReport {
        let missing = self.selection.times_s.get(outcome.served).copied();
        let damaged_ns = [
            self.damaged_ns,
            outcome.damaged_ns,
            missing.map(nanoseconds),
        ];
        let damaged_ns = match outcome.stopped {
            true => None,
            false => damaged_ns.into_iter().flatten().min(),
        };
        StripReport {
            range_s: self.schedule.range_s,
            sampled: outcome.served,
            decoded: outcome.taken,
            corrupt: damaged_ns.is_some(),
            damaged_from_s: damaged_ns.map(|ns| (seconds(ns) - self.origin_s).max(0.0)),
        }
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
