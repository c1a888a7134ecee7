//! Opens a file as a stream of parsed, coded video packets.
//!
//! The pipeline is `filesrc ! parsebin`; its first video pad is linked to the caller's elements.
//! Nothing is decoded here, so a file can be probed without its decoder.

use crate::{
    MediaError,
    caps::{caps_name, describe, is_audio, is_video},
    monitor::PipelineMonitor,
    pipeline::{STOP_PATIENCE, element, stop},
    readable::check_readable,
    stream_time::seconds,
};
use gstreamer::{self as gst, prelude::*};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

/// Name of the message that is sent when the video pad exists.
const VIDEO_READY: &str = "needledrop-video-ready";

/// Ticks to wait for an error message after the reader stopped.
const QUIET_TICKS: u32 = 10;

/// Streams found while the file was opened.
#[derive(Default)]
struct Streams {
    video: Option<gst::Pad>,
    audio: Vec<gst::Caps>,
    others: Vec<gst::Caps>,
}

/// An opened file. Dropping it stops the pipeline.
pub(crate) struct Demux {
    pub path: PathBuf,
    pub pipeline: gst::Pipeline,
    parsebin: gst::Element,
    streams: Arc<Mutex<Streams>>,
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
        let source = element("filesrc")?;
        source.set_property("location", path);
        // Large reads, because the index pass reads every byte of the range once.
        source.set_property("blocksize", 65_536u32);
        let parsebin = element("parsebin")?;
        pipeline
            .add_many([&source, &parsebin])
            .and_then(|()| source.link(&parsebin))
            .and_then(|()| pipeline.add_many(tail))
            .and_then(|()| gst::Element::link_many(tail))
            .map_err(|e| MediaError::GStreamer(e.to_string()))?;
        let sink = tail
            .first()
            .and_then(|first| first.static_pad("sink"))
            .ok_or_else(|| MediaError::GStreamer("the sink has no pad".into()))?;
        let streams = Arc::new(Mutex::new(Streams::default()));
        let seen = Arc::clone(&streams);
        parsebin.connect_pad_added(move |bin, pad| {
            let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            if is_audio(&caps) {
                seen.audio.push(caps);
            } else if !is_video(&caps) {
                seen.others.push(caps);
            } else if seen.video.is_none() {
                on_pad(pad);
                if let Err(error) = pad.link(&sink) {
                    tracing::debug!(%error, "the video pad does not link");
                }
                seen.video = Some(pad.clone());
                // parsebin adds all its pads before data flows, and has no signal for the last pad.
                let ready = gst::Structure::new_empty(VIDEO_READY);
                let message = gst::message::Application::builder(ready).src(bin).build();
                if bin.post_message(message).is_err() {
                    tracing::debug!("nobody listens for the video pad");
                }
            }
        });
        Ok(Self {
            path: path.into(),
            pipeline,
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
        let opened = Instant::now();
        let mut quiet = 0;
        let mut monitor = PipelineMonitor::new(self.bus(), &self.path, cancel);
        loop {
            let message = match monitor.next() {
                Ok(message) => message,
                Err(error) => return Err(self.explained(error)),
            };
            use gst::MessageView;
            match message.as_ref().map(|m| m.view()) {
                Some(MessageView::Application(a))
                    if a.structure().is_some_and(|s| s.name() == VIDEO_READY) =>
                {
                    break;
                }
                Some(MessageView::Eos(_)) => break,
                Some(MessageView::StreamCollection(c)) if self.note(&c.stream_collection()) => {
                    break;
                }
                None if self.has_given_up() => {
                    quiet += 1;
                    if quiet > QUIET_TICKS {
                        let detail = "the reader stopped without an error message".into();
                        let path = self.path.clone();
                        return Err(self.explained(MediaError::Undecodable { detail, path }));
                    }
                }
                // The message with the reason arrives a moment later.
                None if started.is_err() && opened.elapsed() > STOP_PATIENCE => {
                    return Err(MediaError::GStreamer("the reader did not start".into()));
                }
                _ => {}
            }
        }
        self.check_streams()
    }

    /// Whether a reading thread has stopped. parsebin drops the error of a demuxer that fails while
    /// it is being added, and then no message comes.
    fn has_given_up(&self) -> bool {
        let elements = self.pipeline.iterate_recurse();
        elements.into_iter().flatten().any(|element| {
            let pads = element.pads();
            pads.iter()
                .any(|pad| pad.task_state() == gst::TaskState::Paused)
        })
    }

    /// Records the streams of a file without video, since no pad will ever be linked. True if there
    /// is no video.
    fn note(&self, streams: &gst::StreamCollection) -> bool {
        let all: Vec<gst::Stream> = streams.iter().collect();
        if all.is_empty()
            || all
                .iter()
                .any(|s| s.stream_type().contains(gst::StreamType::VIDEO))
        {
            return false;
        }
        let mut found = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if found.audio.is_empty() && found.others.is_empty() {
            let (audio, others) = all
                .iter()
                .filter_map(|s| s.caps())
                .partition(|caps| is_audio(caps));
            (found.audio, found.others) = (audio, others);
        }
        found.video.is_none()
    }

    fn check_streams(&self) -> Result<(), MediaError> {
        if self
            .container_caps()
            .is_some_and(|c| caps_name(&c).starts_with("image/"))
        {
            return Err(MediaError::NotAVideo {
                found: "a still image".into(),
                path: self.path.clone(),
            });
        }
        let found = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
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
        let sound_only = {
            let found = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
            found.video.is_none() && !found.audio.is_empty()
        };
        match self.container_caps() {
            // Nothing consumes the sound, so the reader stops; this is not a fault of the file.
            _ if sound_only => match self.check_streams() {
                Err(error) => error,
                Ok(()) => MediaError::Undecodable { detail, path },
            },
            Some(caps) if caps_name(&caps).starts_with("image/") => MediaError::NotAVideo {
                found: "a still image".into(),
                path,
            },
            Some(caps) if is_audio(&caps) => MediaError::NoVideoStream {
                found: describe(&caps),
                path,
            },
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

    /// The message bus of the pipeline.
    pub fn bus(&self) -> gst::Bus {
        self.pipeline.bus().expect("a pipeline always has a bus")
    }

    /// The pad with the coded video.
    pub fn video_pad(&self) -> Option<gst::Pad> {
        self.streams
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .video
            .clone()
    }

    /// Caps of the first audio stream.
    pub fn audio_caps(&self) -> Option<gst::Caps> {
        self.streams
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .audio
            .first()
            .cloned()
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

impl Drop for Demux {
    fn drop(&mut self) {
        stop(&self.pipeline, &self.path);
    }
}
