//! A reader that seeks in a clip and decodes one or a few pictures at each position.

use crate::{
    MediaError,
    demux::Demux,
    gif_times,
    monitor::{PipelineMonitor, TICK},
    pipeline::{accept_strides, element, finish},
    stream_time::{stamp_of, start_of},
};
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as app;
use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use tokio_util::sync::CancellationToken;

/// Which packets pass from the demuxer to the decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passing {
    /// The first packet that decodes alone.
    Key,
    /// None: the decoder hands out its remaining pictures.
    Nothing,
    /// All packets.
    All,
    /// All packets from one that decodes alone and has this stamp or a later one, ns.
    From(i64),
    /// Packets that decode alone, from the stamp `from_ns` on, `every_ns` apart.
    Keys { from_ns: i64, every_ns: i64 },
}

/// The packet filter between demuxer and decoder.
#[derive(Debug)]
struct Tap {
    now: Passing,
    /// The filter after the next seek.
    after_seek: Passing,
    packets: usize,
    /// Stamp of the last packet that passed.
    stamp: Option<i64>,
    /// Stamps of packets that need not be decoded again.
    known: Known,
}

/// Stamps of packets that some reader has decoded or is decoding.
pub(super) type Known = Arc<Mutex<HashSet<i64>>>;

/// The picture near a time.
pub(super) enum Key {
    /// A decoded picture, and the stamp of its packet.
    Fresh(gst::Sample, i64),
    /// The stamp of a packet that was decoded before.
    Known(i64),
    Nothing,
}

/// An opened clip with its decoder.
pub(super) struct Seeker<'a> {
    demux: Demux,
    sink: app::AppSink,
    monitor: PipelineMonitor<'a>,
    tap: Arc<Mutex<Tap>>,
    packets: usize,
}

impl<'a> Seeker<'a> {
    /// Opens the clip and reads its headers.
    pub fn open(
        path: &'a Path,
        decoder: Option<&gst::ElementFactory>,
        known: &Known,
        cancel: &'a CancellationToken,
    ) -> Result<Self, MediaError> {
        let mut seeker = Self::start(path, decoder, Passing::Key, cancel)?;
        // A reader that is still in its headers would defer a seek.
        seeker.next()?;
        lock(&seeker.tap).known = Arc::clone(known);
        Ok(seeker)
    }

    /// Opens the clip to be read once from start to end; only some packets reach the decoder.
    pub fn whole(
        path: &'a Path,
        decoders: &[Option<gst::ElementFactory>],
        passing: Passing,
        cancel: &'a CancellationToken,
    ) -> Result<Self, MediaError> {
        let decoder = decoders.first().and_then(Option::as_ref);
        Self::start(path, decoder, passing, cancel)
    }

    fn start(
        path: &'a Path,
        decoder: Option<&gst::ElementFactory>,
        passing: Passing,
        cancel: &'a CancellationToken,
    ) -> Result<Self, MediaError> {
        let sink = app::AppSink::builder()
            .sync(false)
            .async_(false)
            .max_buffers(2)
            .wait_on_eos(false)
            .build();
        sink.set_enable_last_sample(false);
        accept_strides(&sink);
        let first = match decoder {
            Some(factory) => factory.create().build().map_err(|_| {
                MediaError::GStreamer(format!("its decoder {} is broken", factory.name()))
            })?,
            None => element("identity")?,
        };
        gif_times::keep(&first);
        if first.find_property("qos").is_some() {
            first.set_property("qos", false);
        }
        // Frame threads hold a picture back until others follow.
        if !matches!(passing, Passing::All | Passing::From(_))
            && first.find_property("thread-type").is_some()
        {
            first.set_property_from_str("thread-type", "slice");
        }
        let tap = Arc::new(Mutex::new(Tap {
            now: passing,
            after_seek: passing,
            packets: 0,
            stamp: None,
            known: Known::default(),
        }));
        let shared = Arc::clone(&tap);
        let tail = [&first, sink.upcast_ref()];
        let demux = Demux::open(path, &tail, move |pad| {
            let tap = Arc::clone(&shared);
            let kinds = gst::PadProbeType::BUFFER | gst::PadProbeType::EVENT_FLUSH;
            pad.add_probe(kinds, move |pad, info| pass(&tap, pad, info));
        })?;
        demux.start(gst::State::Playing, cancel)?;
        let monitor = PipelineMonitor::new(demux.bus(), path, cancel);
        Ok(Self {
            demux,
            sink,
            monitor,
            tap,
            packets: 0,
        })
    }

    /// The picture nearest to a stream time in seconds that decodes alone; `None` if there is none
    /// or the file cannot seek.
    pub fn key_near(&mut self, time_s: f64) -> Result<Key, MediaError> {
        let flags = gst::SeekFlags::FLUSH | gst::SeekFlags::KEY_UNIT | gst::SeekFlags::SNAP_NEAREST;
        if !self.seek(time_s, flags, Passing::Key) {
            return Ok(Key::Nothing);
        }
        let sample = self.next()?;
        let stamp = lock(&self.tap).stamp;
        Ok(match (sample, stamp) {
            (Some(sample), Some(stamp)) => Key::Fresh(sample, stamp),
            (None, Some(stamp)) => Key::Known(stamp),
            _ => Key::Nothing,
        })
    }

    /// Seeks to the last picture before a stream time in seconds that decodes alone, to decode on
    /// from there. False if the file cannot seek.
    pub fn read_from(&mut self, time_s: f64) -> bool {
        let flags = gst::SeekFlags::FLUSH | gst::SeekFlags::KEY_UNIT | gst::SeekFlags::SNAP_BEFORE;
        self.seek(time_s, flags, Passing::All)
    }

    fn seek(&mut self, time_s: f64, flags: gst::SeekFlags, passing: Passing) -> bool {
        {
            // Pictures from the old position must not be taken for new ones.
            let mut tap = lock(&self.tap);
            tap.now = Passing::Nothing;
            tap.after_seek = passing;
            tap.stamp = None;
        }
        self.monitor.progress();
        let Some(pad) = self.demux.video_pad() else {
            return false;
        };
        pad.send_event(gst::event::Seek::new(
            1.0,
            flags,
            gst::SeekType::Set,
            gst::ClockTime::from_nseconds((time_s.max(0.0) * 1e9) as u64),
            gst::SeekType::None,
            gst::ClockTime::NONE,
        ))
    }

    /// The next decoded picture; `None` at the end.
    pub fn next(&mut self) -> Result<Option<gst::Sample>, MediaError> {
        loop {
            let wait = gst::ClockTime::from_mseconds(TICK.as_millis() as u64);
            if let Some(sample) = self.sink.try_pull_sample(wait) {
                self.monitor.progress();
                if start_of(&sample).is_some() {
                    return Ok(Some(sample));
                }
            } else if self.sink.is_eos() {
                return Ok(None);
            }
            let packets = lock(&self.tap).packets;
            if packets != self.packets {
                self.packets = packets;
                self.monitor.progress();
            }
            self.monitor.poll()?;
        }
    }
}

fn lock(tap: &Mutex<Tap>) -> std::sync::MutexGuard<'_, Tap> {
    tap.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pass(tap: &Mutex<Tap>, pad: &gst::Pad, info: &mut gst::PadProbeInfo<'_>) -> gst::PadProbeReturn {
    let passing = match &info.data {
        Some(gst::PadProbeData::Event(event)) => {
            if event.type_() == gst::EventType::FlushStop {
                let mut tap = lock(tap);
                tap.now = tap.after_seek;
            }
            return gst::PadProbeReturn::Ok;
        }
        Some(gst::PadProbeData::Buffer(buffer)) => {
            let mut tap = lock(tap);
            tap.packets += 1;
            let key = !buffer
                .flags()
                .intersects(gst::BufferFlags::DELTA_UNIT | gst::BufferFlags::GAP);
            match tap.now {
                Passing::Key if key => {
                    tap.now = Passing::Nothing;
                    tap.stamp = stamp_of(pad, buffer);
                    let mut known = tap.known.lock().unwrap_or_else(PoisonError::into_inner);
                    match tap.stamp.is_none_or(|stamp| known.insert(stamp)) {
                        true => Passing::All,
                        false => Passing::Nothing,
                    }
                }
                Passing::From(from_ns) => {
                    let stamp = stamp_of(pad, buffer);
                    if key && stamp.is_none_or(|stamp| stamp >= from_ns) {
                        tap.now = Passing::All;
                    }
                    tap.now
                }
                Passing::Keys { from_ns, every_ns } => match stamp_of(pad, buffer) {
                    Some(stamp) if key && stamp >= from_ns => {
                        let from_ns = stamp.saturating_add(every_ns);
                        tap.now = Passing::Keys { from_ns, every_ns };
                        Passing::All
                    }
                    _ => Passing::Key,
                },
                now => now,
            }
        }
        _ => return gst::PadProbeReturn::Ok,
    };
    match passing {
        Passing::All => gst::PadProbeReturn::Ok,
        Passing::Key | Passing::From(_) | Passing::Keys { .. } => gst::PadProbeReturn::Drop,
        Passing::Nothing => {
            // Without the lock: this may wait for a decoder that hands out its last picture.
            finish(pad);
            info.flow_res = Err(gst::FlowError::Eos);
            gst::PadProbeReturn::Handled
        }
    }
}
