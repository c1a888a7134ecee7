//! The index of a range: every coded packet, read once without decoding.

use crate::{
    MediaError,
    bitstream::{self, Role, Syntax},
    caps::caps_name,
    demux::Demux,
    fields,
    limit::{Limit, MAX_PACKETS},
    monitor::PipelineMonitor,
    pipeline::element,
    stream_time::{seconds, span},
    syntax::syntax,
    timecode::StoredLabel,
};
use gstreamer::{self as gst, prelude::*};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use tokio_util::sync::CancellationToken;

/// Packets are read this far after the out point, so that reordered pictures are complete and the
/// last key frame has a successor.
const MARGIN_NS: i64 = 1_500_000_000;
/// Decoding times that are kept; they give the frame rate of streams without display times.
const MOST_TIMES: usize = 4_096;

/// One coded packet, which holds one picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Packet {
    /// Stream time of its time stamp, ns. It identifies the packet in both passes.
    pub stamp_ns: i64,
    /// Start of its picture in stream time, ns, cut to its segment (edit lists).
    pub start_ns: i64,
    /// End of its picture, if the container declares it.
    pub end_ns: Option<i64>,
    /// Whether its segment displays it; pre-roll of an edit is not displayed.
    pub shown: bool,
    /// Size in coded bytes.
    pub bytes: usize,
    /// Role among its neighbours.
    pub role: Role,
}

/// The packets of a range in decoding order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    pub packets: Vec<Packet>,
    /// False if a packet has no time stamp.
    pub timed: bool,
    /// True if the first entry carries parameter sets that later packets need.
    pub in_band: bool,
    /// The stream was read to its end.
    pub ended: bool,
    /// Whether a parameter set in the stream allows fields; `None` if none was seen.
    pub fields: Option<bool>,
    /// Time from which on packets are damaged or missing, ns.
    pub damaged_ns: Option<i64>,
    /// End of the latest displayed picture, ns, also of pictures that were not kept and that only have a decoding time.
    pub reach_ns: Option<i64>,
    /// Display time less decoding time of the first packet that has both, ns.
    pub lag_ns: Option<i64>,
    /// The first decoding times, ns.
    pub decoded_ns: Vec<i64>,
    /// Number of packets, also of those that were not kept.
    pub seen: usize,
}

impl Index {
    /// Notes damage from a time on, ns.
    pub fn damaged_from(&mut self, ns: i64) {
        self.damaged_ns = Some(self.damaged_ns.map_or(ns, |before| before.min(ns)));
    }
}

/// A file being indexed.
pub(crate) struct Indexer {
    pub demux: Demux,
    gathered: Arc<Mutex<Gathered>>,
}

/// What the first packet of a clip says of its time.
#[derive(Clone, Default)]
pub(crate) struct First {
    /// The timecode attached to it.
    pub label: Option<StoredLabel>,
    /// The first bytes of MPEG-1 and MPEG-2 video, else empty.
    pub head: Vec<u8>,
}

/// Bytes of the first packet that are kept.
const HEAD: usize = 4096;

#[derive(Default)]
struct Gathered {
    first: Option<First>,
    index: Index,
    syntax: Option<Syntax>,
    stop_ns: Option<i64>,
    limit: Limit,
    seen: usize,
    bytes: usize,
    done: bool,
    /// The limit was met; packets are no longer kept.
    counts_only: bool,
    /// Packets before the last entry at or before this time are not needed, ns.
    from_ns: Option<i64>,
}

impl Indexer {
    /// Opens the file and waits for its streams; holds the first packet back.
    pub fn open(path: &Path, cancel: &CancellationToken) -> Result<Self, MediaError> {
        let sink = element("fakesink")?;
        sink.set_property("sync", false);
        let gathered = Arc::new(Mutex::new(Gathered {
            index: empty(),
            ..Gathered::default()
        }));
        let shared = Arc::clone(&gathered);
        let demux = Demux::open(path, &[&sink], move |pad| {
            let shared = Arc::clone(&shared);
            pad.add_probe(
                gst::PadProbeType::BUFFER | gst::PadProbeType::EVENT_FLUSH,
                move |pad, info| gather(&mut lock(&shared), pad, info),
            );
        })?;
        demux.start(gst::State::Paused, cancel)?;
        Ok(Self { demux, gathered })
    }

    /// Waits for the first packet; after that caps and duration are final.
    pub fn preroll(&self, cancel: &CancellationToken) -> Result<(), MediaError> {
        let mut monitor = PipelineMonitor::new(self.demux.bus(), &self.demux.path, cancel);
        loop {
            if lock(&self.gathered).seen > 0 {
                return Ok(());
            }
            match monitor.next()?.as_ref().map(|m| m.view()) {
                Some(gst::MessageView::AsyncDone(_)) => return Ok(()),
                Some(gst::MessageView::Eos(_)) => {
                    return Err(monitor.missing().unwrap_or(MediaError::NoFrames {
                        path: self.demux.path.clone(),
                    }));
                }
                _ => {}
            }
        }
    }

    /// Stream time of the clip's start in seconds: 0 except for transport and program streams,
    /// whose clock does not start at 0. Known after [`preroll`](Self::preroll).
    pub fn origin_s(&self) -> f64 {
        let streams = ["video/mpegts", "video/mpeg"];
        let caps = self.demux.container_caps();
        if !caps.is_some_and(|caps| streams.contains(&caps_name(&caps))) {
            return 0.0;
        }
        let gathered = lock(&self.gathered);
        let first = gathered.index.packets.iter().find(|p| p.role.entry);
        let origin = first
            .map(|p| p.start_ns)
            .or(gathered.index.decoded_ns.first().copied());
        origin.map_or(0.0, seconds)
    }

    /// The first packet of the clip. Known after [`preroll`](Self::preroll).
    pub fn first(&self) -> First {
        lock(&self.gathered).first.clone().unwrap_or_default()
    }

    /// Reads from the start to well after `until_s` and keeps the packets from the entry before `from_s` on: for files
    /// whose times are only right when they are read from the start.
    pub fn run_through(
        &self,
        from_s: f64,
        until_s: Option<f64>,
        cancel: &CancellationToken,
    ) -> Result<Index, MediaError> {
        lock(&self.gathered).from_ns = Some((from_s * 1e9) as i64);
        self.run(0.0, until_s, Limit::NONE, cancel)
    }

    /// Reads packets from the key packet before `from_s` until well after `until_s`, or until
    /// `limit` is reached.
    pub fn run(
        &self,
        from_s: f64,
        until_s: Option<f64>,
        limit: Limit,
        cancel: &CancellationToken,
    ) -> Result<Index, MediaError> {
        {
            let mut gathered = lock(&self.gathered);
            gathered.stop_ns = until_s.map(|s| (s * 1e9) as i64 + MARGIN_NS);
            gathered.limit = Limit {
                packets: limit.packets.min(MAX_PACKETS),
                ..limit
            };
        }
        if from_s > 0.0 && !self.demux.seek_before(from_s) {
            tracing::debug!("no seeking in this file; reading it from its start");
        }
        if self.demux.pipeline.set_state(gst::State::Playing).is_err() {
            tracing::debug!("the reader did not start; its message follows");
        }
        let mut monitor = PipelineMonitor::new(self.demux.bus(), &self.demux.path, cancel);
        let mut seen = 0;
        let mut damaged = false;
        loop {
            let message = match monitor.next() {
                Ok(message) => message,
                Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
                // Packets that were read before the error are kept.
                Err(error) if lock(&self.gathered).index.seen == 0 => return Err(error),
                Err(_) => {
                    damaged = true;
                    break;
                }
            };
            let gathered = lock(&self.gathered);
            if gathered.seen != seen {
                seen = gathered.seen;
                monitor.progress();
            }
            let ended = message.is_some_and(|m| matches!(m.view(), gst::MessageView::Eos(_)));
            if gathered.done || ended {
                break;
            }
        }
        let mut gathered = lock(&self.gathered);
        let mut index = std::mem::replace(&mut gathered.index, empty());
        index.ended = !gathered.done;
        if damaged {
            index.damaged_from(index.reach_ns.unwrap_or(0));
        }
        Ok(index)
    }
}

fn empty() -> Index {
    Index {
        timed: true,
        ..Index::default()
    }
}

fn lock(gathered: &Mutex<Gathered>) -> std::sync::MutexGuard<'_, Gathered> {
    gathered.lock().unwrap_or_else(PoisonError::into_inner)
}

fn gather(
    gathered: &mut Gathered,
    pad: &gst::Pad,
    info: &mut gst::PadProbeInfo<'_>,
) -> gst::PadProbeReturn {
    match &info.data {
        Some(gst::PadProbeData::Event(event)) => {
            if event.type_() == gst::EventType::FlushStop {
                gathered.index = empty();
                gathered.done = false;
                gathered.counts_only = false;
                gathered.seen = 0;
                gathered.bytes = 0;
            }
            gst::PadProbeReturn::Ok
        }
        Some(gst::PadProbeData::Buffer(buffer)) => {
            note(gathered, pad, buffer);
            if !gathered.done {
                return gst::PadProbeReturn::Ok;
            }
            info.flow_res = Err(gst::FlowError::Eos);
            gst::PadProbeReturn::Handled
        }
        _ => gst::PadProbeReturn::Ok,
    }
}

fn first(packet: &gst::Buffer, syntax: Syntax) -> First {
    let head = packet
        .map_readable()
        .ok()
        .filter(|_| syntax == Syntax::Mpeg2);
    First {
        label: StoredLabel::on_packet(packet),
        head: head.map_or(Vec::new(), |data| data[..data.len().min(HEAD)].to_vec()),
    }
}

fn note(gathered: &mut Gathered, pad: &gst::Pad, buffer: &gst::Buffer) {
    if gathered.done {
        return;
    }
    let syntax = *gathered.syntax.get_or_insert_with(|| {
        pad.current_caps()
            .map_or(Syntax::Opaque, |caps| syntax(&caps))
    });
    gathered.first.get_or_insert_with(|| first(buffer, syntax));
    gathered.seen += 1;
    gathered.bytes += buffer.size();
    let full = gathered.limit.is_met(gathered.seen, gathered.bytes);
    gathered.counts_only |= full && gathered.limit.reads_on;
    let stops = full && !gathered.limit.reads_on;
    let index = &mut gathered.index;
    index.in_band = matches!(syntax, Syntax::AvcBytes | Syntax::HevcBytes);
    if buffer.size() == 0 || buffer.flags().contains(gst::BufferFlags::GAP) {
        return;
    }
    index.seen += 1;
    let segment = pad.sticky_event::<gst::event::Segment>(0);
    let segment = segment
        .as_ref()
        .and_then(|s| s.segment().downcast_ref::<gst::ClockTime>().cloned());
    let at = |time: Option<gst::ClockTime>| span(segment.as_ref()?, time?, buffer.duration());
    let (shown, decoded) = (at(buffer.pts()), at(buffer.dts()));
    if let (Some((shown_ns, ..)), Some((decoded_ns, ..))) = (shown, decoded) {
        index.lag_ns.get_or_insert(shown_ns - decoded_ns);
    }
    if let Some((_, start_ns, end_ns, true)) = shown.or(decoded) {
        // Only some pictures of a program stream have a display time; it lies this much behind the other.
        let lag_ns = if shown.is_some() {
            0
        } else {
            index.lag_ns.unwrap_or(0)
        };
        let end_ns = end_ns.unwrap_or(start_ns).saturating_add(lag_ns);
        index.reach_ns = index.reach_ns.max(Some(end_ns));
    }
    if let Some((stamp_ns, ..)) = decoded.or(shown)
        && index.decoded_ns.len() < MOST_TIMES
    {
        index.decoded_ns.push(stamp_ns);
    }
    if gathered.counts_only {
        return;
    }
    let Some((stamp_ns, start_ns, end_ns, shown)) = shown else {
        index.timed = false;
        gathered.done = stops;
        return;
    };
    let key = !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
    let role = match buffer.map_readable() {
        Ok(data) => {
            if syntax == Syntax::AvcBytes && key && index.fields.is_none() {
                index.fields = fields::in_packet(&data);
            }
            bitstream::role(syntax, key, &data)
        }
        Err(_) => Role {
            entry: key,
            intra: key,
            ..Role::default()
        },
    };
    if role.unreadable {
        index.damaged_from(start_ns);
    }
    // The first packet may carry parameter sets.
    if role.entry && gathered.from_ns.is_some_and(|from| start_ns <= from) {
        index.packets.truncate(usize::from(index.in_band));
    }
    index.packets.push(Packet {
        stamp_ns,
        start_ns,
        end_ns,
        shown,
        bytes: buffer.size(),
        role,
    });
    let order = decoded.map_or(stamp_ns, |d| d.0);
    gathered.done = stops || gathered.stop_ns.is_some_and(|stop| order > stop);
}
