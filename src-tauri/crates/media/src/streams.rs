//! The streams that a reader finds in a file, and whether more may come.

use crate::{
    caps::{is_audio, is_video},
    stream_time::span,
};
use gstreamer::{self as gst, prelude::*};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// Name of the message that is sent when the video pad exists.
pub(crate) const VIDEO_READY: &str = "needledrop-video-ready";
/// Name of the message that is sent when a demuxer has found its last stream, or a stream of sound ended.
pub(crate) const STREAMS_CHANGED: &str = "needledrop-streams-changed";

/// Streams found while the file was opened.
#[derive(Default)]
pub(crate) struct Streams {
    pub video: Option<gst::Pad>,
    pub audio: Vec<gst::Caps>,
    pub others: Vec<gst::Caps>,
    /// Demuxers that may still find a stream.
    searching: usize,
    /// Streams of sound, and those that were read to their ends.
    sounds: usize,
    sounds_ended: usize,
    /// End of the latest packet of sound, ns of stream time.
    pub sound_end_ns: Option<i64>,
}

impl Streams {
    /// Whether no more streams will come.
    pub fn are_complete(&self) -> bool {
        self.searching == 0 || (self.sounds > 0 && self.sound_has_ended())
    }

    /// Whether all sound was read.
    pub fn sound_has_ended(&self) -> bool {
        self.sounds_ended >= self.sounds
    }
}

/// Shared by the threads of a pipeline and its owner.
pub(crate) type Shared = Arc<Mutex<Streams>>;

pub(crate) fn lock(streams: &Mutex<Streams>) -> MutexGuard<'_, Streams> {
    streams.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends a message without content from an element.
pub(crate) fn tell(from: &gst::Element, name: &str) {
    let structure = gst::Structure::new_empty(name);
    let message = gst::message::Application::builder(structure)
        .src(from)
        .build();
    if from.post_message(message).is_err() {
        tracing::debug!(name, "nobody listens to the reader");
    }
}

/// Counts the demuxers in `pipeline` that have not found all their streams yet. FLV and transport streams have no list
/// of streams in front; sound may come seconds before the picture.
pub(crate) fn watch_demuxers(pipeline: &gst::Pipeline, streams: &Shared) {
    let streams = Arc::clone(streams);
    pipeline.connect_deep_element_added(move |_, _, element| {
        let Some(factory) = element.factory() else {
            return;
        };
        let finds = factory.static_pad_templates().into_iter().any(|template| {
            template.presence() == gst::PadPresence::Sometimes
                && template.direction() == gst::PadDirection::Src
        });
        let klass = factory.metadata(gst::ELEMENT_METADATA_KLASS);
        if !finds || !klass.is_some_and(|k| k.contains("Demux")) || element.is::<gst::Bin>() {
            return;
        }
        lock(&streams).searching += 1;
        let streams = Arc::clone(&streams);
        let done = AtomicBool::new(false);
        element.connect_no_more_pads(move |element| {
            if !done.swap(true, Ordering::Relaxed) {
                let mut found = lock(&streams);
                found.searching = found.searching.saturating_sub(1);
                drop(found);
                tell(element, STREAMS_CHANGED);
            }
        });
    });
}

/// Reads a stream that is not wanted, without handing it on: a demuxer whose streams are all refused stops. Notes how
/// far its sound reaches.
pub(crate) fn pass_over(pad: &gst::Pad, streams: &Shared) {
    let sound = pad.current_caps().is_some_and(|caps| is_audio(&caps));
    if sound {
        lock(streams).sounds += 1;
    }
    let streams = Arc::clone(streams);
    let ended = AtomicBool::new(false);
    let kinds = gst::PadProbeType::BUFFER
        | gst::PadProbeType::BUFFER_LIST
        | gst::PadProbeType::EVENT_DOWNSTREAM
        | gst::PadProbeType::EVENT_FLUSH;
    pad.add_probe(kinds, move |pad, info| {
        let event = match &info.data {
            Some(gst::PadProbeData::Buffer(buffer)) => {
                if sound && let Some(end) = end_ns(pad, buffer) {
                    let mut found = lock(&streams);
                    found.sound_end_ns = found.sound_end_ns.max(Some(end));
                }
                return gst::PadProbeReturn::Drop;
            }
            Some(gst::PadProbeData::Event(event)) => event.type_(),
            _ => return gst::PadProbeReturn::Drop,
        };
        match event {
            gst::EventType::Eos if sound => {
                if !ended.swap(true, Ordering::Relaxed) {
                    lock(&streams).sounds_ended += 1;
                }
                if let Some(parent) = pad.parent_element() {
                    tell(&parent, STREAMS_CHANGED);
                }
            }
            gst::EventType::FlushStop if ended.swap(false, Ordering::Relaxed) => {
                lock(&streams).sounds_ended -= 1;
            }
            _ => {}
        }
        gst::PadProbeReturn::Ok
    });
}

fn end_ns(pad: &gst::Pad, buffer: &gst::Buffer) -> Option<i64> {
    let event = pad.sticky_event::<gst::event::Segment>(0)?;
    let segment = event.segment().downcast_ref::<gst::ClockTime>()?;
    let start = buffer.pts().or_else(|| buffer.dts())?;
    let (_, start_ns, end_ns, shown) = span(segment, start, buffer.duration())?;
    shown.then(|| end_ns.unwrap_or(start_ns))
}

/// Notes the streams of a list when it names no video, since no pad will ever be linked.
pub(crate) fn note_list(streams: &Shared, list: &gst::StreamCollection) {
    let all: Vec<gst::Stream> = list.iter().collect();
    let is_picture = |s: &gst::Stream| {
        s.stream_type().contains(gst::StreamType::VIDEO) || s.caps().is_some_and(|c| is_video(&c))
    };
    if all.iter().any(is_picture) {
        return;
    }
    let mut found = lock(streams);
    if found.audio.is_empty() && found.others.is_empty() {
        let listed = all.iter().filter_map(gst::Stream::caps);
        let (audio, others) = listed.partition(|caps| is_audio(caps));
        (found.audio, found.others) = (audio, others);
    }
}
