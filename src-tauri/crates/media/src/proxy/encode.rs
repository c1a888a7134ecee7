//! Encodes frames of constant rate into a file.

use super::{encoders::ProxyEncoder, source::Still};
use crate::{
    MediaError,
    monitor::PATIENCE,
    pipeline::{element, stop},
};
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as app;
use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// Frames in the queue of the encoder.
const WAITING: u64 = 8;
/// A cancel is noticed within this time.
const TICK: Duration = Duration::from_millis(20);

/// The muxer's temporary file for the pictures until it knows the index.
pub(super) fn index_file(part: &Path) -> PathBuf {
    let mut name = OsString::from(part);
    name.push(".data");
    name.into()
}

/// Whether the encoder's queue has space.
#[derive(Default)]
struct QueueSpace {
    free: Mutex<bool>,
    changed: Condvar,
}

impl QueueSpace {
    fn set(&self, free: bool) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) = free;
        self.changed.notify_all();
    }

    /// Waits one tick for space; returns whether there is some.
    fn wait(&self) -> bool {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(free, TICK, |free| !*free);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// A file that is being encoded. Dropping it stops the encoder and leaves the file incomplete.
pub(super) struct Encoding {
    pipeline: gst::Pipeline,
    input: app::AppSrc,
    fps: (u32, u32),
    space: Arc<QueueSpace>,
    caps: Option<gst::Caps>,
    part: PathBuf,
    clip: PathBuf,
    ended: bool,
}

impl Encoding {
    pub fn open(
        encoder: ProxyEncoder,
        (width, height): (u32, u32),
        fps: (u32, u32),
        part: &Path,
        clip: &Path,
    ) -> Result<Self, MediaError> {
        let failed = |e: gst::glib::BoolError| MediaError::GStreamer(e.to_string());
        let input = app::AppSrc::builder()
            .format(gst::Format::Time)
            .max_buffers(WAITING)
            .block(false)
            .build();
        input.set_property("min-percent", 50u32);
        let space = Arc::new(QueueSpace::default());
        let (needs, has_enough) = (Arc::clone(&space), Arc::clone(&space));
        let callbacks = app::AppSrcCallbacks::builder()
            .need_data(move |_, _| needs.set(true))
            .enough_data(move |_| has_enough.set(false));
        input.set_callbacks(callbacks.build());
        let mut chain = vec![input.clone().upcast::<gst::Element>(), encoder.build()?];
        let mux = match encoder {
            ProxyEncoder::Vp8 => element("webmmux")?,
            _ => {
                chain.push(element("h264parse")?);
                let mux = element("mp4mux")?;
                mux.set_property("faststart", true);
                mux.set_property("faststart-file", index_file(part));
                mux
            }
        };
        chain.push(mux);
        let file = element("filesink")?;
        file.set_property("location", part);
        file.set_property("async", false);
        chain.push(file);
        let pipeline = gst::Pipeline::new();
        pipeline.add_many(&chain).map_err(failed)?;
        gst::Element::link_many(&chain).map_err(failed)?;
        let encoding = Self {
            pipeline,
            input,
            fps,
            space,
            caps: None,
            part: part.into(),
            clip: clip.into(),
            ended: false,
        };
        if encoding.pipeline.set_state(gst::State::Playing).is_err() {
            encoding.check()?;
            let detail = format!("{encoder} does not start at {width} × {height}");
            return Err(encoding.failed(detail));
        }
        Ok(encoding)
    }

    /// Encodes a picture as one frame.
    pub fn push(
        &mut self,
        still: &Still,
        (start_ns, end_ns): (u64, u64),
        cancel: &CancellationToken,
    ) -> Result<(), MediaError> {
        self.settle(&still.caps)?;
        let since = Instant::now();
        while !self.space.wait() {
            self.check()?;
            if cancel.is_cancelled() {
                return Err(MediaError::Cancelled);
            }
            if since.elapsed() > PATIENCE {
                return Err(self.failed("it stopped accepting pictures".into()));
            }
        }
        let mut frame = still.buffer.copy();
        let stamps = frame.make_mut();
        stamps.set_pts(gst::ClockTime::from_nseconds(start_ns));
        stamps.set_dts(gst::ClockTime::NONE);
        stamps.set_duration(gst::ClockTime::from_nseconds(end_ns - start_ns));
        stamps.set_flags(gst::BufferFlags::empty());
        if self.input.push_buffer(frame).is_err() {
            self.check()?;
            return Err(self.failed("it refuses pictures".into()));
        }
        Ok(())
    }

    /// Caps of the pictures with the constant frame rate instead of the clip's.
    fn settle(&mut self, caps: &gst::Caps) -> Result<(), MediaError> {
        if self.caps.as_ref() == Some(caps) {
            return Ok(());
        }
        if self.caps.is_some() {
            // Under fixed caps only the declared frame rate can change.
            self.caps = Some(caps.clone());
            return Ok(());
        }
        let mut even = caps.copy();
        let Some(s) = even.make_mut().structure_mut(0) else {
            return Err(self.failed("a decoded picture has no format".into()));
        };
        s.set(
            "framerate",
            gst::Fraction::new(self.fps.0 as i32, self.fps.1 as i32),
        );
        s.set("interlace-mode", "progressive");
        s.remove_fields(["multiview-mode", "multiview-flags", "max-framerate"]);
        self.input.set_caps(Some(&even));
        self.caps = Some(caps.clone());
        Ok(())
    }

    /// An error if the encoder failed; reads its messages.
    pub fn check(&self) -> Result<(), MediaError> {
        let bus = self.pipeline.bus().expect("a pipeline always has a bus");
        let kinds = [gst::MessageType::Error, gst::MessageType::Eos];
        while let Some(message) = bus.pop_filtered(&kinds) {
            if let gst::MessageView::Error(error) = message.view() {
                return Err(self.error(error));
            }
        }
        Ok(())
    }

    /// Ends the file and waits until it is written.
    pub fn finish(&mut self, cancel: &CancellationToken) -> Result<(), MediaError> {
        if self.input.end_of_stream().is_err() {
            self.check()?;
            return Err(self.failed("it does not accept the end of the pictures".into()));
        }
        let bus = self.pipeline.bus().expect("a pipeline always has a bus");
        let kinds = [gst::MessageType::Error, gst::MessageType::Eos];
        let (mut alive, mut size) = (Instant::now(), 0);
        loop {
            let wait = gst::ClockTime::from_mseconds(TICK.as_millis() as u64);
            match bus
                .timed_pop_filtered(wait, &kinds)
                .as_ref()
                .map(|m| m.view())
            {
                Some(gst::MessageView::Eos(_)) => break,
                Some(gst::MessageView::Error(error)) => return Err(self.error(error)),
                _ => {}
            }
            if cancel.is_cancelled() {
                return Err(MediaError::Cancelled);
            }
            // Moving the index to the front copies the file; its growing size is progress.
            let now = fs::metadata(&self.part).map_or(0, |meta| meta.len());
            if now != size {
                (alive, size) = (Instant::now(), now);
            }
            if alive.elapsed() > PATIENCE {
                return Err(self.failed("it does not finish the file".into()));
            }
        }
        self.ended = true;
        if self.pipeline.set_state(gst::State::Null).is_err() {
            return Err(self.failed("it does not close the file".into()));
        }
        Ok(())
    }

    fn failed(&self, detail: String) -> MediaError {
        MediaError::NotEncoded {
            detail,
            path: self.clip.clone(),
        }
    }

    fn error(&self, message: &gst::message::Error) -> MediaError {
        let error = message.error();
        tracing::debug!(%error, details = ?message.debug(), "the encoder failed");
        let written = [
            gst::ResourceError::NoSpaceLeft,
            gst::ResourceError::Write,
            gst::ResourceError::OpenWrite,
        ];
        if written.iter().any(|kind| error.matches(*kind)) {
            // The muxer's temporary file fails with a system error that only the details name.
            let details = message.debug().unwrap_or_default();
            let full =
                error.matches(gst::ResourceError::NoSpaceLeft) || details.contains("No space left");
            let source = match full {
                true => io::Error::from(io::ErrorKind::StorageFull),
                false => io::Error::other(error.message().to_owned()),
            };
            return MediaError::Write {
                source,
                path: self.part.clone(),
            };
        }
        let origin = message.src().map(|s| s.name()).unwrap_or_default();
        self.failed(format!("{origin}: {}", error.message()))
    }
}

impl Drop for Encoding {
    fn drop(&mut self) {
        if !self.ended {
            stop(&self.pipeline, &self.part);
        }
    }
}
