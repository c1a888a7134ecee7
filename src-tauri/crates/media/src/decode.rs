//! The second pass: decodes only the packets of the plan.

mod gate;
mod picker;

use crate::{
    MediaError,
    demux::Demux,
    gif_times,
    monitor::{PipelineMonitor, TICK},
    pipeline::{accept_strides, element},
    plan::Route,
    sampling::MAX_FRAMES,
    stream_time::{flagged_corrupt, start_of},
};
use gate::Gate;
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as app;
pub(crate) use picker::DecodedFrame;
use picker::Picker;
use std::{
    ops::ControlFlow,
    path::Path,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering, mpsc},
};
use tokio_util::sync::CancellationToken;

/// Decoded pictures in the queue; the decoder waits when it is full.
const WAITING: u32 = 3;
/// The counts of a decoding run.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Number of frames handed to the caller.
    pub taken: usize,
    /// Number of sampling times that got a frame.
    pub served: usize,
    /// Stream time from which on a packet or picture was missing or broken, ns.
    pub damaged_ns: Option<i64>,
    /// The caller ended the decoding.
    pub stopped: bool,
}

impl Outcome {
    fn damaged_from(&mut self, ns: i64) {
        self.damaged_ns = Some(self.damaged_ns.map_or(ns, |before| before.min(ns)));
    }
}

/// Decodes along `route` with one decoder; hands the chosen frames to `take` in time order.
///
/// # Errors
/// [`MediaError::Undecodable`] and similar errors if no picture was decoded. After the first
/// picture an error only sets [`Outcome::damaged_ns`].
pub(crate) fn decode(
    path: &Path,
    decoder: Option<&gst::ElementFactory>,
    from_s: f64,
    (route, times_s): (&Route, &[f64]),
    cancel: &CancellationToken,
    take: &mut dyn FnMut(DecodedFrame) -> Result<ControlFlow<()>, MediaError>,
) -> Result<Outcome, MediaError> {
    let sink = app::AppSink::builder()
        .sync(false)
        .async_(false)
        .max_buffers(WAITING)
        .wait_on_eos(false)
        .build();
    sink.set_enable_last_sample(false);
    accept_strides(&sink);
    let mut tail = Vec::new();
    if let Some(factory) = decoder {
        let made = factory.create().build().map_err(|_| {
            MediaError::GStreamer(format!("its decoder {} is broken", factory.name()))
        })?;
        tune(&made, route);
        gif_times::keep(&made);
        tail.push(made);
    } else {
        tail.push(element("identity")?);
    }
    tail.push(sink.clone().upcast());
    let gate = Arc::new(Gate::new(route));
    let shared = Arc::clone(&gate);
    let seeks = from_s > 0.0;
    let held = Arc::new(Mutex::new(None));
    let hold = Arc::clone(&held);
    let (arrive, arrived) = mpsc::sync_channel(1);
    let demux = Demux::open(path, &tail.iter().collect::<Vec<_>>(), move |pad| {
        let gate = Arc::clone(&shared);
        if seeks {
            // Before the seek nothing may pass, least of all the end of a short file.
            let kind = gst::PadProbeType::BLOCK | gst::PadProbeType::BUFFER;
            let arrive = arrive.clone();
            let id = pad.add_probe(kind, move |_, _| {
                // The channel is full after the first packet.
                let _told = arrive.try_send(());
                gst::PadProbeReturn::Ok
            });
            *hold.lock().unwrap_or_else(PoisonError::into_inner) = id;
        }
        pad.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
            gate.pass(pad, info)
        });
    })?;
    demux.start(gst::State::Playing, cancel)?;
    let mut monitor = PipelineMonitor::new(demux.bus(), path, cancel);
    if seeks {
        // A Matroska reader that is still in its header defers the seek and then counts stream
        // times from the wrong position. Once a packet has arrived it is past the header.
        while !sink.is_eos() && arrived.recv_timeout(TICK).is_err() {
            monitor.poll()?;
        }
        if !demux.seek_before(from_s) {
            tracing::debug!("no seeking in this file; reading it from its start");
        }
        let id = held.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(pad), Some(id)) = (demux.video_pad(), id) {
            pad.remove_probe(id);
        }
    }
    let mut picker = Picker::new(route, times_s);
    let mut outcome = Outcome::default();
    let mut passed = 0;
    let mut last_ns = 0;
    let failure = loop {
        if let Some(sample) =
            sink.try_pull_sample(gst::ClockTime::from_mseconds(TICK.as_millis() as u64))
        {
            monitor.progress();
            let Some(start_ns) = start_of(&sample) else {
                continue;
            };
            if flagged_corrupt(&sample) && picker.minds_damage(start_ns) {
                outcome.damaged_from(start_ns);
            }
            last_ns = start_ns;
            for frame in picker.push(sample, start_ns) {
                outcome.taken += 1;
                outcome.served += frame.times_s.len();
                if take(frame)?.is_break() {
                    outcome.stopped = true;
                    return Ok(outcome);
                }
            }
            if picker.is_done() {
                break None;
            }
        } else if sink.is_eos() {
            break None;
        }
        let now = gate.passed.load(Ordering::Relaxed);
        if now != passed {
            passed = now;
            monitor.progress();
        }
        match monitor.poll() {
            Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
            Err(error) => break Some(error),
            Ok(_) => {}
        }
    };
    // Pictures that were decoded before the failure are still good.
    while failure.is_some()
        && let Some(sample) = sink.try_pull_sample(gst::ClockTime::ZERO)
    {
        let Some(start_ns) = start_of(&sample) else {
            continue;
        };
        for frame in picker.push(sample, start_ns) {
            outcome.taken += 1;
            outcome.served += frame.times_s.len();
            if take(frame)?.is_break() {
                outcome.stopped = true;
                return Ok(outcome);
            }
        }
    }
    if let Some(frame) = picker.finish() {
        outcome.taken += 1;
        outcome.served += frame.times_s.len();
        if take(frame)?.is_break() {
            outcome.stopped = true;
            return Ok(outcome);
        }
    }
    if let Some(missed_ns) = picker.missed_ns {
        outcome.damaged_from(missed_ns);
    }
    if failure.is_some() {
        outcome.damaged_from(last_ns);
    }
    match failure {
        Some(error) if outcome.taken == 0 => Err(error),
        _ => Ok(outcome),
    }
}

/// Settings of some decoders. No picture is dropped for being late. Pictures that decode alone do
/// not use frame threads, which would cost a sixth more processor time.
fn tune(decoder: &gst::Element, route: &Route) {
    if decoder.find_property("qos").is_some() {
        decoder.set_property("qos", false);
    }
    let Route::Chosen { stamps, targets } = route else {
        return;
    };
    if decoder.find_property("thread-type").is_none() {
        return;
    }
    let alone = targets.len() <= MAX_FRAMES && stamps.len() <= 3 * targets.len();
    if alone {
        decoder.set_property_from_str("thread-type", "slice");
    }
}
