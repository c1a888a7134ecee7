//! The second pass: only the packets of the plan reach the decoder.

use crate::{
    MediaError,
    demux::{Demux, caps_name, element},
    packets::span,
    plan::{Route, Target},
    watch::{TICK, Watch, decoder_name},
};
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as app;
use gstreamer_video as video;
use std::{
    collections::HashSet,
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
};
use tokio_util::sync::CancellationToken;

/// Decoded pictures waiting to be taken; the decoder waits when they are this many.
const WAITING: u32 = 3;
/// A picture of more than this is refused before a decoder allocates it.
const MAX_PIXELS: u64 = 1 << 27;

/// What the consumer is told about one picture.
pub(crate) struct Shot {
    pub sample: gst::Sample,
    pub start_ns: i64,
    pub times_s: Vec<f64>,
}

/// How a decode ended.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Pictures handed on.
    pub taken: usize,
    /// Sampling times served.
    pub served: usize,
    /// Something was missing or broken on the way.
    pub damaged: bool,
    /// The consumer had enough.
    pub stopped: bool,
}

/// Decoders for `caps`, the preferred one first: software before hardware, because
/// only a few pictures are wanted and their bytes are needed in memory.
///
/// # Errors
/// [`MediaError::MissingPlugin`] when there is none.
pub(crate) fn decoders(
    caps: &gst::Caps,
    path: &Path,
) -> Result<Vec<Option<gst::ElementFactory>>, MediaError> {
    let field = |name| {
        caps.structure(0)
            .and_then(|s| s.get::<i32>(name).ok())
            .unwrap_or(0)
    };
    let pixels = field("width").max(0) as u64 * field("height").max(0) as u64;
    if pixels > MAX_PIXELS {
        let detail = format!(
            "{} x {} pixels are too many",
            field("width"),
            field("height")
        );
        return Err(MediaError::Undecodable {
            detail,
            path: path.into(),
        });
    }
    if caps_name(caps) == "video/x-raw" {
        return Ok(vec![None]);
    }
    let kind = gst::ElementFactoryType::DECODER;
    let mut found: Vec<gst::ElementFactory> =
        gst::ElementFactory::factories_with_type(kind, gst::Rank::MARGINAL)
            .into_iter()
            .filter(|f| f.can_sink_all_caps(caps))
            .collect();
    let hard = |f: &gst::ElementFactory| {
        f.metadata(gst::ELEMENT_METADATA_KLASS)
            .is_some_and(|k| k.contains("Hardware"))
    };
    found.sort_by_key(|f| (hard(f), std::cmp::Reverse(f.rank()), f.name()));
    if found.is_empty() {
        return Err(MediaError::MissingPlugin {
            plugin: decoder_name(caps),
            path: path.into(),
        });
    }
    Ok(found.into_iter().map(Some).collect())
}

/// Decodes along `route` with one decoder and hands the chosen pictures on in time
/// order.
///
/// # Errors
/// [`MediaError::Undecodable`] and its like when no picture came at all; once one
/// came, what breaks later is told in [`Outcome::damaged`].
pub(crate) fn decode(
    path: &Path,
    decoder: Option<&gst::ElementFactory>,
    from_s: f64,
    (route, times_s): (&Route, &[f64]),
    cancel: &CancellationToken,
    take: &mut dyn FnMut(Shot) -> Result<ControlFlow<()>, MediaError>,
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
            // Nothing may pass, the end of a short file least of all, before the seek.
            let kind = gst::PadProbeType::BLOCK | gst::PadProbeType::BUFFER;
            let arrive = arrive.clone();
            let id = pad.add_probe(kind, move |_, _| {
                // Full where it was told already.
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
    let mut watch = Watch::new(demux.bus(), path, cancel);
    if seeks {
        // A reader of Matroska that is still in its header puts the seek off and then counts
        // stream times from the wrong place; with a packet at the gate it is past that.
        while !sink.is_eos() && arrived.recv_timeout(TICK).is_err() {
            watch.poll()?;
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
    let failure = loop {
        if let Some(sample) =
            sink.try_pull_sample(gst::ClockTime::from_mseconds(TICK.as_millis() as u64))
        {
            watch.progress();
            let Some(start_ns) = start_of(&sample) else {
                continue;
            };
            outcome.damaged |= flagged_corrupt(&sample) && picker.minds_damage(start_ns);
            for shot in picker.push(sample, start_ns) {
                outcome.taken += 1;
                outcome.served += shot.times_s.len();
                if take(shot)?.is_break() {
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
            watch.progress();
        }
        match watch.poll() {
            Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
            Err(error) => break Some(error),
            Ok(_) => {}
        }
    };
    // What the decoder had finished before a failure is still good.
    while failure.is_some()
        && let Some(sample) = sink.try_pull_sample(gst::ClockTime::ZERO)
    {
        let Some(start_ns) = start_of(&sample) else {
            continue;
        };
        for shot in picker.push(sample, start_ns) {
            outcome.taken += 1;
            outcome.served += shot.times_s.len();
            if take(shot)?.is_break() {
                outcome.stopped = true;
                return Ok(outcome);
            }
        }
    }
    if let Some(shot) = picker.finish() {
        outcome.taken += 1;
        outcome.served += shot.times_s.len();
        if take(shot)?.is_break() {
            outcome.stopped = true;
            return Ok(outcome);
        }
    }
    outcome.damaged |= picker.missed || failure.is_some();
    match failure {
        Some(error) if outcome.taken == 0 => Err(error),
        _ => Ok(outcome),
    }
}

/// Settings a few decoders know: nothing is dropped for being late, and a plan of
/// pictures that decode alone is not spread over frame threads, which costs a sixth more
/// processor time for them.
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
    let alone = targets.len() <= crate::MAX_FRAMES && stamps.len() <= 3 * targets.len();
    if alone {
        decoder.set_property_from_str("thread-type", "slice");
    }
}

/// Says that rows may be padded; libav would otherwise copy every picture.
pub(crate) fn accept_strides(sink: &app::AppSink) {
    let Some(pad) = sink.static_pad("sink") else {
        return;
    };
    pad.add_probe(gst::PadProbeType::QUERY_DOWNSTREAM, |_, info| {
        if let Some(gst::PadProbeData::Query(query)) = &mut info.data
            && let gst::QueryViewMut::Allocation(allocation) = query.view_mut()
        {
            allocation.add_allocation_meta::<video::VideoMeta>(None);
            return gst::PadProbeReturn::Handled;
        }
        gst::PadProbeReturn::Ok
    });
}

pub(crate) fn start_of(sample: &gst::Sample) -> Option<i64> {
    let buffer = sample.buffer()?;
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    span(segment, buffer.pts()?, buffer.duration()).map(|s| s.1)
}

pub(crate) fn flagged_corrupt(sample: &gst::Sample) -> bool {
    sample
        .buffer()
        .is_some_and(|b| b.flags().contains(gst::BufferFlags::CORRUPTED))
}

/// Lets only planned packets through to the decoder, and ends the stream after the
/// last of them.
struct Gate {
    stamps: Option<Mutex<HashSet<i64>>>,
    passed: AtomicUsize,
}

impl Gate {
    fn new(route: &Route) -> Self {
        let stamps = match route {
            Route::Chosen { stamps, .. } => Some(Mutex::new(stamps.clone())),
            Route::Straight => None,
        };
        Self {
            stamps,
            passed: AtomicUsize::new(0),
        }
    }

    fn pass(&self, pad: &gst::Pad, info: &mut gst::PadProbeInfo<'_>) -> gst::PadProbeReturn {
        match &info.data {
            Some(gst::PadProbeData::Buffer(buffer)) => {
                self.passed.fetch_add(1, Ordering::Relaxed);
                let Some(stamps) = &self.stamps else {
                    return gst::PadProbeReturn::Ok;
                };
                let mut stamps = stamps.lock().unwrap_or_else(PoisonError::into_inner);
                if stamps.is_empty() {
                    finish(pad);
                    info.flow_res = Err(gst::FlowError::Eos);
                    return gst::PadProbeReturn::Handled;
                }
                let wanted = stamp_of(pad, buffer).is_some_and(|stamp| stamps.remove(&stamp));
                if wanted {
                    gst::PadProbeReturn::Ok
                } else {
                    gst::PadProbeReturn::Drop
                }
            }
            _ => gst::PadProbeReturn::Ok,
        }
    }
}

pub(crate) fn stamp_of(pad: &gst::Pad, buffer: &gst::Buffer) -> Option<i64> {
    let event = pad.sticky_event::<gst::event::Segment>(0)?;
    let segment = event.segment().downcast_ref::<gst::ClockTime>()?;
    span(segment, buffer.pts()?, None).map(|s| s.0)
}

/// Has the decoder hand out what it holds back, without reading the file to its end.
pub(crate) fn finish(pad: &gst::Pad) {
    if let Some(peer) = pad.peer() {
        peer.send_event(gst::event::Eos::new());
    }
}

/// Picks the shown picture for each time out of a stream of decoded ones.
struct Picker {
    waiting: std::collections::VecDeque<Target>,
    planned: bool,
    previous: Option<(gst::Sample, i64)>,
    missed: bool,
}

impl Picker {
    fn new(route: &Route, times_s: &[f64]) -> Self {
        let (waiting, planned) = match route {
            Route::Chosen { targets, .. } => (targets.iter().cloned().collect(), true),
            Route::Straight => (
                times_s
                    .iter()
                    .map(|&t| Target {
                        start_ns: (t * 1e9).round() as i64,
                        times_s: vec![t],
                    })
                    .collect(),
                false,
            ),
        };
        Self {
            waiting,
            planned,
            previous: None,
            missed: false,
        }
    }

    fn is_done(&self) -> bool {
        self.waiting.is_empty()
    }

    fn minds_damage(&self, start_ns: i64) -> bool {
        !self.planned || self.waiting.iter().any(|t| t.start_ns == start_ns)
    }

    fn push(&mut self, sample: gst::Sample, start_ns: i64) -> Vec<Shot> {
        let (mut before, mut now) = (Vec::new(), Vec::new());
        while let Some(target) = self.waiting.front() {
            let met = self.planned && target.start_ns == start_ns;
            if !met && start_ns <= target.start_ns {
                break;
            }
            let nearer_before = self.previous.as_ref().is_some_and(|(_, previous_ns)| {
                !self.planned || target.start_ns - previous_ns <= start_ns - target.start_ns
            });
            self.missed |= self.planned && !met;
            let times = if !met && nearer_before {
                &mut before
            } else {
                &mut now
            };
            times.extend_from_slice(&target.times_s);
            self.waiting.pop_front();
        }
        let mut shots = Vec::new();
        if let Some((previous, previous_ns)) = self.previous.take()
            && !before.is_empty()
        {
            shots.push(Shot {
                sample: previous,
                start_ns: previous_ns,
                times_s: before,
            });
        }
        if !now.is_empty() {
            shots.push(Shot {
                sample: sample.clone(),
                start_ns,
                times_s: now,
            });
        }
        self.previous = Some((sample, start_ns));
        shots
    }

    /// The last picture stands for what little is left.
    fn finish(&mut self) -> Option<Shot> {
        let (sample, start_ns) = self.previous.take()?;
        let duration = sample
            .buffer()
            .and_then(|b| b.duration())
            .map_or(0, |d| d.nseconds() as i64);
        let reach = start_ns + duration + 1_000_000_000;
        let mut times_s = Vec::new();
        for target in self.waiting.drain(..) {
            if target.start_ns < reach {
                times_s.extend(target.times_s);
                self.missed |= self.planned;
            } else {
                self.missed = true;
            }
        }
        (!times_s.is_empty()).then_some(Shot {
            sample,
            start_ns,
            times_s,
        })
    }
}
