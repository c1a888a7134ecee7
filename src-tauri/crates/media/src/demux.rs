//! Opens a file as a stream of parsed, coded video packets.
//!
//! The pipeline is `source ! parsebin`; its first video pad is linked to the caller's elements. All other streams are
//! read and dropped. Nothing is decoded here, so a file can be probed without its decoder.

use crate::{
    MediaError,
    caps::{caps_name, describe, is_audio, is_gif, is_video},
    codec_names::alias,
    gif,
    monitor::PipelineMonitor,
    picture_file,
    pipeline::{element, stop},
    readable::check_readable,
    rest::Rest,
    source::{Source, source},
    stream_time::seconds,
    streams::{
        STREAMS_CHANGED, Shared, VIDEO_READY, lock, note_list, pass_over, tell, watch_demuxers,
    },
};
use gstreamer::{self as gst, prelude::*};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};
use tokio_util::sync::CancellationToken;

/// An opened file. Dropping it stops the pipeline.
pub(crate) struct Demux {
    pub path: PathBuf,
    pub pipeline: gst::Pipeline,
    /// What the boxes of an MP4 tell.
    pub source: Source,
    parsebin: gst::Element,
    streams: Shared,
}

impl Demux {
    /// Opens `path`. `tail` is a linked chain of elements that gets the video; `on_pad` is called
    /// with the coded pad before its first packet.
    pub fn open(
        path: &Path,
        tail: &[&gst::Element],
        on_pad: impl Fn(&gst::Pad) + Send + Sync + 'static,
    ) -> Result<Self, MediaError> {
        check_readable(path)?;
        let pipeline = gst::Pipeline::new();
        let source = source(path)?;
        let parsebin = element("parsebin")?;
        pipeline
            .add_many([&source.element, &parsebin])
            .and_then(|()| source.element.link(&parsebin))
            .and_then(|()| pipeline.add_many(tail))
            .and_then(|()| gst::Element::link_many(tail))
            .map_err(|e| MediaError::GStreamer(e.to_string()))?;
        let sink = tail
            .first()
            .and_then(|first| first.static_pad("sink"))
            .ok_or_else(|| MediaError::GStreamer("the sink has no pad".into()))?;
        let streams = Shared::default();
        watch_demuxers(&pipeline, &streams);
        let (seen, file) = (Shared::clone(&streams), path.to_path_buf());
        parsebin.connect_pad_added(move |bin, pad| {
            let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
            let mut found = lock(&seen);
            let wanted = is_video(&caps) && found.video.is_none();
            if is_audio(&caps) {
                found.audio.push(caps);
            } else if !is_video(&caps) {
                found.others.push(caps);
            } else if wanted {
                found.video = Some(pad.clone());
            }
            drop(found);
            if !wanted {
                pass_over(pad, &seen);
                return;
            }
            let is_gif = pad.current_caps().is_some_and(|caps| is_gif(&caps));
            if is_gif {
                depend(pad);
            }
            on_pad(pad);
            if is_gif {
                end_after(&sink, gif::pictures(&file));
            }
            link(pad, &sink);
            // parsebin has no signal for the last pad.
            tell(bin, VIDEO_READY);
        });
        Ok(Self {
            path: path.into(),
            pipeline,
            source,
            parsebin,
            streams,
        })
    }

    /// Starts the pipeline and waits until the streams are known.
    ///
    /// # Errors
    /// Any reason why the file is not a video; [`MediaError::Cancelled`].
    pub fn start(&self, state: gst::State, cancel: &CancellationToken) -> Result<(), MediaError> {
        // The message that follows a failure to start gives the reason.
        let started = self.pipeline.set_state(state);
        let rest = Rest::default();
        let mut monitor = PipelineMonitor::new(self.bus(), &self.path, cancel);
        loop {
            let message = match monitor.next() {
                Ok(message) => message,
                Err(error) => return Err(self.explained(error)),
            };
            let Some(message) = message else {
                rest.ask(&self.pipeline);
                continue;
            };
            if rest.is_told(&message, &self.pipeline) {
                let detail = "the reader stopped without an error message".into();
                let path = self.path.clone();
                return Err(match started {
                    Ok(_) => self.explained(MediaError::Undecodable { detail, path }),
                    Err(_) => MediaError::GStreamer("the reader did not start".into()),
                });
            }
            use gst::MessageView;
            match message.view() {
                MessageView::Application(a) => match a.structure().map(|s| s.name().as_str()) {
                    Some(VIDEO_READY) => break,
                    Some(STREAMS_CHANGED) if self.is_without_video() => break,
                    _ => {}
                },
                MessageView::Eos(_) => break,
                MessageView::StreamCollection(c) => {
                    note_list(&self.streams, &c.stream_collection());
                    if self.is_without_video() {
                        break;
                    }
                }
                _ => {}
            }
        }
        self.check_streams()
    }

    /// Whether all streams are known and none is a picture.
    fn is_without_video(&self) -> bool {
        let found = lock(&self.streams);
        let some = !found.audio.is_empty() || !found.others.is_empty();
        some && found.video.is_none() && found.are_complete()
    }

    fn check_streams(&self) -> Result<(), MediaError> {
        if let Some(caps) = self.container_caps()
            && caps_name(&caps).starts_with("image/")
            && gif::pictures(&self.path) < 2
        {
            return Err(self.still_image());
        }
        let found = lock(&self.streams);
        if found.video.is_some() {
            return Ok(());
        }
        let kinds: Vec<String> = found
            .audio
            .iter()
            .chain(&found.others)
            .map(|c| describe(c))
            .collect();
        Err(match (found.audio.is_empty(), kinds.is_empty()) {
            (_, true) => MediaError::NoFrames {
                path: self.path.clone(),
            },
            (true, _) => MediaError::NotAVideo {
                found: kinds.join(", "),
                path: self.path.clone(),
            },
            _ => MediaError::NoVideoStream {
                found: kinds.join(", "),
                path: self.path.clone(),
            },
        })
    }

    /// Turns an error that came before the streams were known into one that names the streams.
    fn explained(&self, error: MediaError) -> MediaError {
        let MediaError::Undecodable { detail, path } = error else {
            return error;
        };
        if self.source.has_no_index {
            let detail =
                "its index is missing: the recording was not finished, or is not yet".into();
            return MediaError::Truncated { detail, path };
        }
        let sound_only = {
            let found = lock(&self.streams);
            found.video.is_none() && !found.audio.is_empty()
        };
        match self.container_caps() {
            // Nothing consumes the sound, so the reader stops; this is not a fault of the file.
            _ if sound_only => match self.check_streams() {
                Err(error) => error,
                Ok(()) => MediaError::Undecodable { detail, path },
            },
            Some(caps) if is_audio(&caps) => MediaError::NoVideoStream {
                found: describe(&caps),
                path,
            },
            Some(caps) if caps_name(&caps).starts_with("image/") => self.still_image(),
            Some(caps) => MediaError::Truncated {
                detail: format!("{}: {detail}", describe(&caps)),
                path,
            },
            None => MediaError::NotAVideo {
                found: detail,
                path,
            },
        }
    }

    /// The error for a picture that is no clip.
    pub fn still_image(&self) -> MediaError {
        let caps = self.container_caps();
        let media_type = caps.as_ref().map_or("", |caps| caps_name(caps));
        MediaError::NotAVideo {
            found: picture_file::kind(&self.path, media_type),
            path: self.path.clone(),
        }
    }

    /// The message bus of the pipeline.
    pub fn bus(&self) -> gst::Bus {
        self.pipeline.bus().expect("a pipeline always has a bus")
    }

    /// The pad with the coded video.
    pub fn video_pad(&self) -> Option<gst::Pad> {
        lock(&self.streams).video.clone()
    }

    /// Caps of the coded video, under the name that its decoder knows.
    pub fn video_caps(&self) -> Option<gst::Caps> {
        let caps = self.video_pad()?.current_caps()?;
        Some(alias(&caps).unwrap_or(caps))
    }

    /// Number of audio streams found.
    pub fn sound_tracks(&self) -> usize {
        lock(&self.streams).audio.len()
    }

    /// Caps of the first audio stream.
    pub fn audio_caps(&self) -> Option<gst::Caps> {
        lock(&self.streams).audio.first().cloned()
    }

    /// End of the latest packet of sound that was read so far, seconds of stream time.
    pub fn sound_end_s(&self) -> Option<f64> {
        lock(&self.streams).sound_end_ns.map(seconds)
    }

    /// Reads on until all sound was read, which may go on after the last picture.
    ///
    /// # Errors
    /// [`MediaError::Cancelled`].
    pub fn read_sound(&self, cancel: &CancellationToken) -> Result<(), MediaError> {
        let rest = Rest::default();
        let mut monitor = PipelineMonitor::new(self.bus(), &self.path, cancel);
        let mut reached = None;
        loop {
            let (ended, reaches) = {
                let found = lock(&self.streams);
                (found.sound_has_ended(), found.sound_end_ns)
            };
            if reaches != reached {
                reached = reaches;
                monitor.progress();
            }
            let message = match monitor.next() {
                _ if ended => return Ok(()),
                Ok(message) => message,
                Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
                Err(_) => return Ok(()),
            };
            match message {
                Some(message) if rest.is_told(&message, &self.pipeline) => return Ok(()),
                Some(_) => {}
                None => rest.ask(&self.pipeline),
            }
        }
    }

    /// Caps by which the container was recognised.
    pub fn container_caps(&self) -> Option<gst::Caps> {
        let bin = self.parsebin.downcast_ref::<gst::Bin>()?;
        let typefind = bin
            .iterate_elements()
            .into_iter()
            .flatten()
            .find(|e| e.factory().is_some_and(|f| f.name() == "typefind"))?;
        typefind.property::<Option<gst::Caps>>("caps")
    }

    /// Duration of the file in seconds; `None` if the container does not declare it.
    pub fn duration_s(&self) -> Option<f64> {
        let pad = self.video_pad();
        let duration = pad
            .and_then(|pad| pad.query_duration::<gst::ClockTime>())
            .or_else(|| self.pipeline.query_duration::<gst::ClockTime>())?;
        (!duration.is_zero()).then(|| seconds(duration.nseconds() as i64))
    }

    /// Seeks to the key packet at or before `start_s`. False if the file cannot seek; then all
    /// packets from the start arrive.
    pub fn seek_before(&self, start_s: f64) -> bool {
        let Some(pad) = self.video_pad() else {
            return false;
        };
        pad.send_event(gst::event::Seek::new(
            1.0,
            gst::SeekFlags::FLUSH | gst::SeekFlags::KEY_UNIT | gst::SeekFlags::SNAP_BEFORE,
            gst::SeekType::Set,
            gst::ClockTime::from_nseconds((start_s * 1e9) as u64),
            gst::SeekType::None,
            gst::ClockTime::NONE,
        ))
    }
}

/// Marks all pictures but the first as depending on those before: those of a GIF only change parts of it. They are
/// decoded in the order in which they are shown; without that time the decoder gives all the first one's.
fn depend(pad: &gst::Pad) {
    let first = AtomicBool::new(true);
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        if let Some(gst::PadProbeData::Buffer(buffer)) = &mut info.data {
            let shown = buffer.pts();
            let buffer = buffer.make_mut();
            buffer.set_dts(shown);
            if !first.swap(false, Ordering::Relaxed) {
                buffer.set_flags(gst::BufferFlags::DELTA_UNIT);
            }
        }
        gst::PadProbeReturn::Ok
    });
}

/// Ends the stream after so many pictures: the demuxer of GIF does not.
fn end_after(sink: &gst::Pad, pictures: usize) {
    let passed = AtomicUsize::new(0);
    sink.add_probe(gst::PadProbeType::BUFFER, move |pad, info| {
        let before = passed.fetch_add(1, Ordering::Relaxed);
        if before + 1 != pictures {
            return gst::PadProbeReturn::Ok;
        }
        let Some(gst::PadProbeData::Buffer(last)) = &info.data else {
            return gst::PadProbeReturn::Ok;
        };
        // This comes here again with the last picture, and lets it pass.
        let taken = pad.chain(last.clone());
        pad.send_event(gst::event::Eos::new());
        info.flow_res = taken.and(Err(gst::FlowError::Eos));
        gst::PadProbeReturn::Handled
    });
}

/// Links the video to `sink`. Where the container names the codec otherwise than its decoder, the name is replaced.
fn link(pad: &gst::Pad, sink: &gst::Pad) {
    pad.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, |_, info| {
        if let Some(gst::PadProbeData::Event(event)) = &info.data
            && let gst::EventView::Caps(caps) = event.view()
            && let Some(known) = alias(caps.caps())
        {
            info.data = Some(gst::PadProbeData::Event(gst::event::Caps::new(&known)));
        }
        gst::PadProbeReturn::Ok
    });
    let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
    let check = match alias(&caps) {
        Some(_) => gst::PadLinkCheck::empty(),
        None => gst::PadLinkCheck::HIERARCHY | gst::PadLinkCheck::CAPS,
    };
    if let Err(error) = pad.link_full(sink, check) {
        tracing::debug!(%error, "the video pad does not link");
    }
}

impl Drop for Demux {
    fn drop(&mut self) {
        stop(&self.pipeline, &self.path);
    }
}
