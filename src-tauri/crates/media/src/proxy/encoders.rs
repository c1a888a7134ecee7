//! The encoders for proxies and their settings.

use crate::{MediaError, pipeline::element, startup::init};
use gstreamer::{self as gst, prelude::*};
use std::{fmt, path::Path};

/// Distance of key frames, frames.
const KEY_FRAMES: u32 = 12;

/// An encoder for proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyEncoder {
    /// The software encoder x264 (`x264enc`).
    X264,
    /// The software encoder OpenH264 (`openh264enc`).
    OpenH264,
    /// A graphics processor through VA-API (`vah264enc`).
    Va,
    /// A graphics processor of Nvidia (`nvh264enc`).
    Nvidia,
    /// The encoder of macOS (`vtenc_h264`).
    VideoToolbox,
    /// The encoder of Windows (`mfh264enc`).
    MediaFoundation,
    /// The software encoder for VP8 in WebM (`vp8enc`).
    Vp8,
}

impl ProxyEncoder {
    /// All encoders, best first. Software comes first: it is fast at this size, gives the same
    /// result everywhere and leaves the graphics processor to the player.
    pub const ALL: [ProxyEncoder; 7] = [
        Self::X264,
        Self::OpenH264,
        Self::Va,
        Self::Nvidia,
        Self::VideoToolbox,
        Self::MediaFoundation,
        Self::Vp8,
    ];

    /// Name of its GStreamer element.
    pub fn element(self) -> &'static str {
        match self {
            Self::X264 => "x264enc",
            Self::OpenH264 => "openh264enc",
            Self::Va => "vah264enc",
            Self::Nvidia => "nvh264enc",
            Self::VideoToolbox => "vtenc_h264",
            Self::MediaFoundation => "mfh264enc",
            Self::Vp8 => "vp8enc",
        }
    }

    /// File extension of its proxies.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Vp8 => "webm",
            _ => "mp4",
        }
    }

    /// Whether its GStreamer element is installed.
    pub fn is_installed(self) -> bool {
        init().is_ok() && gst::ElementFactory::find(self.element()).is_some()
    }

    fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::X264 => &[
                ("speed-preset", "superfast"),
                ("pass", "qual"),
                ("quantizer", "22"),
                // Only a ceiling; the default is 2 Mbit/s.
                ("bitrate", "20000"),
                ("bframes", "0"),
                ("b-adapt", "false"),
                ("rc-lookahead", "0"),
                ("sync-lookahead", "0"),
                ("mb-tree", "false"),
            ],
            Self::OpenH264 => &[
                ("complexity", "low"),
                ("rate-control", "quality"),
                ("bitrate", "3000000"),
                ("enable-frame-skip", "false"),
                ("multi-thread", "0"),
            ],
            Self::Va => &[("b-frames", "0"), ("bitrate", "3000")],
            Self::Nvidia => &[("bframes", "0"), ("b-frames", "0"), ("bitrate", "3000")],
            Self::VideoToolbox => &[("allow-frame-reordering", "false"), ("bitrate", "3000")],
            Self::MediaFoundation => &[("bframes", "0"), ("bitrate", "3000")],
            Self::Vp8 => &[
                ("deadline", "1"),
                ("cpu-used", "8"),
                ("target-bitrate", "3000000"),
                ("lag-in-frames", "0"),
                ("auto-alt-ref", "false"),
                ("threads", "4"),
            ],
        }
    }

    fn key_frames(self) -> &'static str {
        match self {
            Self::X264 | Self::Va => "key-int-max",
            Self::OpenH264 | Self::Nvidia | Self::MediaFoundation => "gop-size",
            Self::VideoToolbox => "max-keyframe-interval",
            Self::Vp8 => "keyframe-max-dist",
        }
    }

    pub(super) fn build(self) -> Result<gst::Element, MediaError> {
        let encoder = element(self.element())?;
        let key_frames = KEY_FRAMES.to_string();
        // Versions of a plugin differ in their properties.
        for (name, value) in self
            .settings()
            .iter()
            .copied()
            .chain([(self.key_frames(), key_frames.as_str())])
        {
            if encoder.find_property(name).is_some() {
                encoder.set_property_from_str(name, value);
            }
        }
        Ok(encoder)
    }
}

impl fmt::Display for ProxyEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.element())
    }
}

/// The installed encoders to try, best first.
pub(super) fn installed(
    only: Option<ProxyEncoder>,
    path: &Path,
) -> Result<Vec<ProxyEncoder>, MediaError> {
    let asked = only.map_or(ProxyEncoder::ALL.to_vec(), |only| vec![only]);
    let found: Vec<ProxyEncoder> = asked.iter().copied().filter(|e| e.is_installed()).collect();
    if found.is_empty() {
        let names: Vec<&str> = asked.iter().map(|e| e.element()).collect();
        return Err(MediaError::MissingEncoder {
            tried: names.join(", "),
            path: path.into(),
        });
    }
    Ok(found)
}
