//! What can go wrong with a clip, in the words the user reads.

use std::path::PathBuf;

/// Why a clip could not be probed or sampled.
///
/// [`MediaError::code`] is the stable name the command line and the UI act on,
/// [`MediaError::hint`] the next step where there is one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// Nothing lies at the path.
    #[error("expected a video file, found nothing: {}", path.display())]
    NotFound {
        /// The path asked for.
        path: PathBuf,
    },
    /// The path is there but cannot be read (permissions, a folder, a device).
    #[error("expected a readable file, but {reason}: {}", path.display())]
    Unreadable {
        /// What the system said.
        reason: String,
        /// The file.
        path: PathBuf,
    },
    /// The file holds no bytes.
    #[error("expected a video, the file is empty (0 bytes): {}", path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// The bytes are of no video container or stream known here.
    #[error("expected a video, found {found}: {}", path.display())]
    NotAVideo {
        /// What the bytes look like.
        found: String,
        /// The file.
        path: PathBuf,
    },
    /// A media file without a picture.
    #[error("expected a video stream, the file holds {found} only: {}", path.display())]
    NoVideoStream {
        /// The streams that are there.
        found: String,
        /// The file.
        path: PathBuf,
    },
    /// A video stream that holds not one frame in the range.
    #[error("expected at least one frame, the video stream holds none: {}", path.display())]
    NoFrames {
        /// The file.
        path: PathBuf,
    },
    /// The file breaks off before its first usable frame.
    #[error("expected a whole file, it breaks off early ({detail}): {}", path.display())]
    Truncated {
        /// What the reader said.
        detail: String,
        /// The file.
        path: PathBuf,
    },
    /// The range does not lie in the clip.
    #[error(
        "expected a range within 0-{duration_s:.3} s, got {start_s:.3}-{end_s:.3} s: {}",
        path.display()
    )]
    RangeOutside {
        /// Asked-for start in seconds.
        start_s: f64,
        /// Asked-for end in seconds.
        end_s: f64,
        /// The clip's duration in seconds.
        duration_s: f64,
        /// The file.
        path: PathBuf,
    },
    /// More seconds than the cap of [`crate::MAX_FRAMES`] frames allows.
    #[error(
        "expected at most {cap} s (the cap is {cap} frames, one a second), got {length_s:.1} s: {}",
        path.display()
    )]
    ClipTooLong {
        /// Length asked for, in seconds.
        length_s: f64,
        /// The cap, in seconds.
        cap: usize,
        /// The file.
        path: PathBuf,
    },
    /// GStreamer lacks a plugin for the container or the codec.
    #[error("expected the GStreamer plugin \"{plugin}\", it is not installed: {}", path.display())]
    MissingPlugin {
        /// GStreamer's name for what is missing, such as `H.265 decoder`.
        plugin: String,
        /// The file.
        path: PathBuf,
    },
    /// A decoder is there and refuses the stream, or a picture is beyond all bounds.
    #[error("expected a decodable picture, but {detail}: {}", path.display())]
    Undecodable {
        /// What the decoder said.
        detail: String,
        /// The file.
        path: PathBuf,
    },
    /// Nothing came for so long that waiting on makes no sense.
    #[error("expected the next frame, nothing came for {waited_s} s: {}", path.display())]
    Stalled {
        /// Seconds waited without any progress.
        waited_s: u64,
        /// The file.
        path: PathBuf,
    },
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
    /// GStreamer itself, or a core plugin of it, is not usable.
    #[error("expected a working GStreamer, but {0}")]
    GStreamer(String),
    /// No encoder for proxies is installed.
    #[error("expected an encoder for H.264 or VP8 ({tried}), none is installed: {}", path.display())]
    MissingEncoder {
        /// GStreamer's names of those that were looked for.
        tried: String,
        /// The clip that needs a proxy.
        path: PathBuf,
    },
    /// An encoder is there and fails.
    #[error("expected to encode a proxy, but {detail}: {}", path.display())]
    NotEncoded {
        /// What the encoder said.
        detail: String,
        /// The clip that needs a proxy.
        path: PathBuf,
    },
    /// A frame or a proxy could not be written.
    #[error("expected to write a file, but {source}: {}", path.display())]
    Write {
        /// What the system said.
        source: std::io::Error,
        /// The file being written.
        path: PathBuf,
    },
}

impl MediaError {
    /// The stable snake_case name of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Unreadable { .. } => "unreadable",
            Self::EmptyFile { .. } => "empty_file",
            Self::NotAVideo { .. } => "not_a_video",
            Self::NoVideoStream { .. } => "no_video_stream",
            Self::NoFrames { .. } => "no_frames",
            Self::Truncated { .. } => "truncated",
            Self::RangeOutside { .. } => "range_outside",
            Self::ClipTooLong { .. } => "clip_too_long",
            Self::MissingPlugin { .. } => "missing_plugin",
            Self::Undecodable { .. } => "undecodable",
            Self::Stalled { .. } => "stalled",
            Self::Cancelled => "cancelled",
            Self::GStreamer(_) => "gstreamer",
            Self::MissingEncoder { .. } => "missing_encoder",
            Self::NotEncoded { .. } => "not_encoded",
            Self::Write { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
                "disk_full"
            }
            Self::Write { .. } => "write_failed",
        }
    }

    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::ClipTooLong { cap, .. } => {
                format!("choose a part of at most {cap} s, for example --range 0-{cap}")
            }
            Self::RangeOutside { duration_s, .. } => {
                format!("give --range IN-OUT in seconds, IN < OUT, within 0-{duration_s:.3}")
            }
            Self::MissingPlugin { .. } => "install the plugin; on Debian it is most often in \
                 gstreamer1.0-libav, gstreamer1.0-plugins-good, -bad or -ugly"
                .into(),
            Self::MissingEncoder { .. } => {
                "install one; on Debian gstreamer1.0-plugins-ugly (x264), \
                 -bad (openh264) or -good (VP8)"
                    .into()
            }
            Self::NotEncoded { .. } => "try again; where a graphics card encodes, close what else \
                 uses it"
                .into(),
            Self::Write { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
                "free some space and try again".into()
            }
            Self::NoVideoStream { .. } => {
                "give the video itself; a music file belongs to `index` or `analyze`".into()
            }
            Self::Truncated { .. } => "copy or export the file again".into(),
            Self::Undecodable { .. } => "export the clip as H.264 and try again".into(),
            Self::Stalled { .. } => "check the disk or network drive the file lies on".into(),
            _ => return None,
        })
    }
}
