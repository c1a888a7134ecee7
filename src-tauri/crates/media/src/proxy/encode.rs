//! Even frames to a file.

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

/// Frames that wait for the encoder.
const WAITING: u64 = 8;
/// How late a cancel may be noticed.
const TICK: Duration = Duration::from_millis(20);

/// Where the muxer keeps the pictures until it knows its index.
pub(super) fn index_file(part: &Path) -> PathBuf {
    let mut name = OsString::from(part);
    name.push(".data");
    name.into()
}

/// Room in the encoder's queue.
#[derive(Default)]
struct Room {
    free: Mutex<bool>,
    changed: Condvar,
}

impl Room {
    fn set(&self, free: bool) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) = free;
        self.changed.notify_all();
    }

    /// Waits a moment for room; whether there is some.
    fn wait(&self) -> bool {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(free, TICK, |free| !*free);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// A file being encoded. Dropping it stops the encoder; the file is then incomplete.
pub(super) struct Encoding {
    pipeline: gst::Pipeline,
    input: app::AppSrc,
    fps: (u32, u32),
    room: Arc<Room>,
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
        let room = Arc::new(Room::default());
        let (needs, has_enough) = (Arc::clone(&room), Arc::clone(&room));
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
        if let Some(dir) = part.parent() {
            fs::create_dir_all(dir).map_err(|source| MediaError::Write {
                source,
                path: dir.into(),
            })?;
        }
        let encoding = Self {
            pipeline,
            input,
            fps,
            room,
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

    /// Hands a picture on as one frame.
    pub fn push(
        &mut self,
        still: &Still,
        (start_ns, end_ns): (u64, u64),
        cancel: &CancellationToken,
    ) -> Result<(), MediaError> {
        self.settle(&still.caps)?;
        let since = Instant::now();
        while !self.room.wait() {
            self.check()?;
            if cancel.is_cancelled() {
                return Err(MediaError::Cancelled);
            }
            if since.elapsed() > PATIENCE {
                return Err(self.failed("it takes no more pictures".into()));
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

    /// What the pictures are, with the even rate in place of the clip's.
    fn settle(&mut self, caps: &gst::Caps) -> Result<(), MediaError> {
        if self.caps.as_ref() == Some(caps) {
            return Ok(());
        }
        if self.caps.is_some() {
            // Only the rate that the clip claims can change under fixed caps.
            self.caps = Some(caps.clone());
            return Ok(());
        }
        let mut even = caps.copy();
        let Some(s) = even.make_mut().structure_mut(0) else {
            return Err(self.failed("pictures came without a description".into()));
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

    /// Whether the encoder still works; reads what it has said.
    pub fn check(&self) -> Result<(), MediaError> {
        let bus = self.pipeline.bus().expect("a pipeline always has a bus");
        let kinds = [gst::MessageType::Error, gst::MessageType::Eos];
        while let Some(message) = bus.pop_filtered(&kinds) {
            if let gst::MessageView::Error(error) = message.view() {
                return Err(self.told(error));
            }
        }
        Ok(())
    }

    /// Ends the file and waits until all of it is written.
    pub fn finish(&mut self, cancel: &CancellationToken) -> Result<(), MediaError> {
        if self.input.end_of_stream().is_err() {
            self.check()?;
            return Err(self.failed("it does not end".into()));
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
                Some(gst::MessageView::Error(error)) => return Err(self.told(error)),
                _ => {}
            }
            if cancel.is_cancelled() {
                return Err(MediaError::Cancelled);
            }
            // Moving the index to the front copies the file, which shows in its size.
            let now = fs::metadata(&self.part).map_or(0, |meta| meta.len());
            if now != size {
                (alive, size) = (Instant::now(), now);
            }
            if alive.elapsed() > PATIENCE {
                return Err(self.failed("it does not end".into()));
            }
        }
        self.ended = true;
        if self.pipeline.set_state(gst::State::Null).is_err() {
            return Err(self.failed("the file does not close".into()));
        }
        Ok(())
    }

    fn failed(&self, detail: String) -> MediaError {
        MediaError::NotEncoded {
            detail,
            path: self.clip.clone(),
        }
    }

    fn told(&self, message: &gst::message::Error) -> MediaError {
        let error = message.error();
        tracing::debug!(%error, details = ?message.debug(), "the encoder failed");
        let written = [
            gst::ResourceError::NoSpaceLeft,
            gst::ResourceError::Write,
            gst::ResourceError::OpenWrite,
        ];
        if written.iter().any(|kind| error.matches(*kind)) {
            // The muxer's own file fails with a system error that only the details name.
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
