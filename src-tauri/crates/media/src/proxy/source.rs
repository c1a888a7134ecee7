//! Decodes a clip from its start to its end into small upright pictures.

use crate::{
    MediaError,
    colours::complete_colours,
    demux::Demux,
    geometry::Orientation,
    gif_times,
    info::Examined,
    monitor::{PipelineMonitor, TICK},
    pipeline::element,
    stream_time::span,
};
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as app;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio_util::sync::CancellationToken;

/// Full-size pictures in the queue; each may take a hundred megabytes.
const WAITING: u32 = 2;
/// Scaled pictures in the queue.
const SMALL_WAITING: u32 = 8;

/// A decoded picture with its start and end in ns of stream time.
pub(super) struct Still {
    pub buffer: gst::Buffer,
    pub caps: gst::Caps,
    pub start_ns: i64,
    pub end_ns: Option<i64>,
}

/// Gives the pictures of a clip in display order.
pub(super) struct Source<'a> {
    demux: Demux,
    sink: app::AppSink,
    monitor: PipelineMonitor<'a>,
    passed: Arc<AtomicUsize>,
    seen: usize,
    damaged: bool,
}

impl<'a> Source<'a> {
    pub fn open(
        path: &'a Path,
        examined: &Examined,
        decoder: Option<&gst::ElementFactory>,
        (width, height): (u32, u32),
        cancel: &'a CancellationToken,
    ) -> Result<Self, MediaError> {
        let broken = |factory: &gst::ElementFactory| {
            MediaError::GStreamer(format!("its decoder {} is broken", factory.name()))
        };
        let first = match decoder {
            Some(factory) => factory.create().build().map_err(|_| broken(factory))?,
            None => element("identity")?,
        };
        if first.find_property("qos").is_some() {
            first.set_property("qos", false);
        }
        let sink = app::AppSink::builder()
            .sync(false)
            .async_(false)
            .max_buffers(SMALL_WAITING)
            .wait_on_eos(false)
            .build();
        sink.set_enable_last_sample(false);
        complete_colours(&first);
        gif_times::keep(&first);
        let mut tail = vec![first, waiting()?];
        if examined.info.interlaced {
            tail.extend(progressive()?);
        }
        let (scale, caps) = (element("videoconvertscale")?, element("capsfilter")?);
        // The size is final; borders would only show the rounding of the aspect.
        scale.set_property("add-borders", false);
        scale.set_property("n-threads", threads());
        let small = gst::Caps::builder("video/x-raw")
            .field("format", "I420")
            .field("width", width as i32)
            .field("height", height as i32)
            .field("pixel-aspect-ratio", gst::Fraction::new(1, 1))
            .field("colorimetry", "bt709")
            .build();
        caps.set_property("caps", small);
        tail.extend([scale, caps]);
        if examined.orientation != Orientation::default() {
            let flip = element("videoflip")?;
            flip.set_property_from_str("video-direction", direction(examined.orientation));
            tail.push(flip);
        }
        tail.push(sink.clone().upcast());
        let passed = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&passed);
        let demux = Demux::open(path, &tail.iter().collect::<Vec<_>>(), move |pad| {
            let count = Arc::clone(&count);
            pad.add_probe(gst::PadProbeType::BUFFER, move |_, _| {
                count.fetch_add(1, Ordering::Relaxed);
                gst::PadProbeReturn::Ok
            });
        })?;
        demux.start(gst::State::Playing, cancel)?;
        let monitor = PipelineMonitor::new(demux.bus(), path, cancel);
        Ok(Self {
            demux,
            sink,
            monitor,
            passed,
            seen: 0,
            damaged: false,
        })
    }

    /// The next picture; `None` after the last. Calls `check` regularly and stops at its error.
    pub fn next(
        &mut self,
        check: &mut dyn FnMut() -> Result<(), MediaError>,
    ) -> Result<Option<Still>, MediaError> {
        loop {
            let wait = gst::ClockTime::from_mseconds(TICK.as_millis() as u64);
            if let Some(sample) = self.sink.try_pull_sample(wait) {
                self.monitor.progress();
                if let Some(still) = self.still(&sample) {
                    return Ok(Some(still));
                }
            } else if self.sink.is_eos() {
                return match self.monitor.missing() {
                    Some(missing) if self.seen == 0 => Err(missing),
                    _ => Ok(None),
                };
            }
            let passed = self.passed.load(Ordering::Relaxed);
            if passed != self.seen {
                self.seen = passed;
                self.monitor.progress();
            }
            check()?;
            self.poll()?;
        }
    }

    /// Reads the message bus; pictures decoded before a failure come first.
    fn poll(&mut self) -> Result<(), MediaError> {
        match self.monitor.poll() {
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Records that the caller was busy, so that the time does not count as a stall.
    pub fn progress(&mut self) {
        self.monitor.progress();
    }

    /// Whether a picture was damaged.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }

    fn still(&mut self, sample: &gst::Sample) -> Option<Still> {
        let buffer = sample.buffer_owned()?;
        let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
        let (_, start_ns, end_ns, shown) = span(segment, buffer.pts()?, buffer.duration())?;
        self.damaged |= buffer.flags().contains(gst::BufferFlags::CORRUPTED);
        shown.then(|| Still {
            caps: sample.caps_owned().unwrap_or_else(gst::Caps::new_empty),
            buffer,
            start_ns,
            end_ns,
        })
    }
}

impl Drop for Source<'_> {
    fn drop(&mut self) {
        tracing::debug!(packets = self.seen, path = %self.demux.path.display(), "read for a proxy");
    }
}

fn waiting() -> Result<gst::Element, MediaError> {
    let queue = element("queue")?;
    queue.set_property("max-size-buffers", WAITING);
    queue.set_property("max-size-bytes", 0u32);
    queue.set_property("max-size-time", 0u64);
    Ok(queue)
}

/// Deinterlaces: keeps the lines of the upper field and interpolates those between. The element
/// takes at most 8 bits, so a conversion comes first.
fn progressive() -> Result<[gst::Element; 3], MediaError> {
    let (convert, deinterlace) = (element("videoconvert")?, element("deinterlace")?);
    convert.set_property("n-threads", threads());
    // Progressive pictures stay as they are.
    deinterlace.set_property_from_str("mode", "auto");
    deinterlace.set_property_from_str("method", "linear");
    deinterlace.set_property_from_str("fields", "top");
    Ok([convert, deinterlace, waiting()?])
}

fn threads() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    cores.clamp(1, 8) as u32
}

/// The method name of `videoflip`. It mirrors and rotates in one step: first left to right, then
/// clockwise.
fn direction(orientation: Orientation) -> &'static str {
    match (orientation.mirrored, orientation.quarter_turns) {
        (false, 1) => "90r",
        (false, 2) => "180",
        (false, 3) => "90l",
        (true, 0) => "horiz",
        (true, 1) => "ur-ll",
        (true, 2) => "vert",
        (true, 3) => "ul-lr",
        _ => "identity",
    }
}
