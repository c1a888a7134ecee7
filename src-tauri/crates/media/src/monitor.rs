//! Waits for a pipeline: notices a cancel and a stall.

use crate::MediaError;
use gstreamer::{self as gst, prelude::*};
use gstreamer_pbutils::MissingPluginMessage;
use std::{
    path::Path,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// A pipeline without progress for this long has stalled.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// A cancel is noticed within this time.
pub(crate) const TICK: Duration = Duration::from_millis(20);

/// Reads the message bus in small steps and turns error messages into errors.
pub(crate) struct PipelineMonitor<'a> {
    bus: gst::Bus,
    path: &'a Path,
    cancel: &'a CancellationToken,
    alive: Instant,
    missing: Option<String>,
    minds_sound: bool,
}

impl<'a> PipelineMonitor<'a> {
    pub fn new(bus: gst::Bus, path: &'a Path, cancel: &'a CancellationToken) -> Self {
        Self {
            bus,
            path,
            cancel,
            alive: Instant::now(),
            missing: None,
            minds_sound: false,
        }
    }

    /// For a pipeline that decodes sound: a missing audio decoder is an error.
    pub fn minding_sound(self) -> Self {
        Self {
            minds_sound: true,
            ..self
        }
    }

    /// Records progress: the time until a stall starts again.
    pub fn progress(&mut self) {
        self.alive = Instant::now();
    }

    /// The next message; `None` after one tick.
    pub fn next(&mut self) -> Result<Option<gst::Message>, MediaError> {
        self.next_within(TICK)
    }

    /// The next message that has already arrived.
    pub fn poll(&mut self) -> Result<Option<gst::Message>, MediaError> {
        self.next_within(Duration::ZERO)
    }

    fn next_within(&mut self, wait: Duration) -> Result<Option<gst::Message>, MediaError> {
        if self.cancel.is_cancelled() {
            return Err(MediaError::Cancelled);
        }
        if self.alive.elapsed() > PATIENCE {
            return Err(MediaError::Stalled {
                waited_s: PATIENCE.as_secs(),
                path: self.path.into(),
            });
        }
        let wait = gst::ClockTime::from_nseconds(wait.as_nanos() as u64);
        let Some(message) = self.bus.timed_pop(wait) else {
            return Ok(None);
        };
        if let Ok(missing) = MissingPluginMessage::parse(&message) {
            let description = missing.description().to_string();
            // A stream that is not needed may lack its decoder.
            let detail = missing.installer_detail();
            let sound = detail.contains("decoder-audio/");
            if sound == self.minds_sound && !detail.contains("decoder-text/") {
                self.missing = Some(description);
            }
        }
        if let gst::MessageView::Error(error) = message.view() {
            return Err(self.error(error));
        }
        Ok(Some(message))
    }

    fn error(&self, message: &gst::message::Error) -> MediaError {
        let (error, details) = (message.error(), message.debug().unwrap_or_default());
        tracing::debug!(%error, %details, "the pipeline failed");
        let path = self.path.to_path_buf();
        if let Some(plugin) = &self.missing {
            return MediaError::MissingPlugin {
                plugin: plugin.clone(),
                path,
            };
        }
        if error.matches(gst::ResourceError::Read) || error.matches(gst::ResourceError::OpenRead) {
            return MediaError::Unreadable {
                reason: error.message().into(),
                path,
            };
        }
        if error.matches(gst::StreamError::TypeNotFound)
            || error.matches(gst::StreamError::WrongType)
        {
            return MediaError::NotAVideo {
                found: "bytes of no known media type".into(),
                path,
            };
        }
        let origin = message.src().map(|s| s.name()).unwrap_or_default();
        if details.contains("not enough data") || details.contains("incomplete") {
            return MediaError::Truncated {
                detail: error.message().into(),
                path,
            };
        }
        let detail = format!("{}: {}", origin, error.message());
        MediaError::Undecodable { detail, path }
    }

    /// An error for the plugin that the pipeline reported as missing.
    pub fn missing(&self) -> Option<MediaError> {
        let plugin = self.missing.clone()?;
        Some(MediaError::MissingPlugin {
            plugin,
            path: self.path.into(),
        })
    }
}
