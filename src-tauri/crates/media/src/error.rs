//! Errors of reading a clip, with their messages for the user.

use std::path::PathBuf;

/// The reason why a clip could not be read.
///
/// [`MediaError::code`] is the stable name that the command line and the window act on;
/// [`MediaError::hint`] is the next step, if there is one.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each message names its fields")]
pub enum MediaError {
    /// There is no such file.
    #[error("expected a video file, found nothing: {}", path.display())]
    NotFound { path: PathBuf },
    /// The file exists but cannot be read (permissions, a folder, a device).
    #[error("expected a readable file, but {reason}: {}", path.display())]
    Unreadable { reason: String, path: PathBuf },
    /// The file has zero bytes.
    #[error("expected a video, the file is empty (0 bytes): {}", path.display())]
    EmptyFile { path: PathBuf },
    /// The bytes are not a known video container or stream.
    #[error("expected a video, found {found}: {}", path.display())]
    NotAVideo { found: String, path: PathBuf },
    /// A media file without video.
    #[error("expected a video, the file only holds {found}: {}", path.display())]
    NoVideoStream { found: String, path: PathBuf },
    /// A video stream without any frame in the range.
    #[error("expected at least one frame, the video stream holds none: {}", path.display())]
    NoFrames { path: PathBuf },
    /// The file ends before its first usable frame.
    #[error("expected a complete file, it ends too early ({detail}): {}", path.display())]
    Truncated { detail: String, path: PathBuf },
    /// The range is not inside the clip.
    #[error(
        "expected a range within 0-{duration_s:.3} s, got {start_s:.3}-{end_s:.3} s: {}",
        path.display()
    )]
    RangeOutside {
        start_s: f64,
        end_s: f64,
        duration_s: f64,
        path: PathBuf,
    },
    /// The range is longer than [`crate::MAX_FRAMES`] frames, one a second.
    #[error(
        "expected at most {cap} s (the cap is {cap} frames, one a second), got {length_s:.1} s: {}",
        path.display()
    )]
    ClipTooLong {
        length_s: f64,
        cap: usize,
        path: PathBuf,
    },
    /// GStreamer has no plugin for the container or the codec.
    #[error("expected the GStreamer plugin \"{plugin}\", it is not installed: {}", path.display())]
    MissingPlugin { plugin: String, path: PathBuf },
    /// GStreamer has no decoder for the codec.
    #[error("expected a codec that GStreamer decodes, found {codec} video: {}", path.display())]
    NoDecoder { codec: String, path: PathBuf },
    /// The decoder refuses the stream, or a picture is too large.
    #[error("expected a decodable picture, but {detail}: {}", path.display())]
    Undecodable { detail: String, path: PathBuf },
    /// No progress for too long.
    #[error("expected the next frame, none came for {waited_s} s: {}", path.display())]
    Stalled { waited_s: u64, path: PathBuf },
    /// The caller cancelled. This is an outcome, not a failure.
    #[error("cancelled")]
    Cancelled,
    /// GStreamer or one of its core plugins is not usable.
    #[error("expected a working GStreamer, but {0}")]
    GStreamer(String),
    /// No encoder for proxies is installed.
    #[error("expected an encoder for H.264 or VP8 ({tried}), none is installed: {}", path.display())]
    MissingEncoder { tried: String, path: PathBuf },
    /// The encoder of a proxy failed.
    #[error("expected to encode a proxy, but {detail}: {}", path.display())]
    NotEncoded { detail: String, path: PathBuf },
    /// A frame or a proxy could not be written.
    #[error("expected to write a file, but {source}: {}", path.display())]
    Write {
        source: std::io::Error,
        path: PathBuf,
    },
}

impl MediaError {
    /// Stable snake_case code of the error.
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
            Self::NoDecoder { .. } => "no_decoder",
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

    /// What the user can do; `None` where there is nothing to do.
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
            Self::NoDecoder { codec, .. } => format!(
                "{codec} video needs a decoder that GStreamer does not have; export the clip as \
                 ProRes, DNxHR or H.264"
            ),
            Self::NotAVideo { found, .. } if found.starts_with("an animated") => {
                "convert the animation to a GIF or to a video first".into()
            }
            Self::NotAVideo { found, .. } if found.starts_with("one picture") => {
                "make a clip of the sequence first, for example ffmpeg -framerate 25 -i \
                 name_%04d.png clip.mov"
                    .into()
            }
            Self::Truncated { .. } => "copy or export the file again".into(),
            Self::Undecodable { .. } => "export the clip as H.264 and try again".into(),
            Self::Stalled { .. } => "check the disk or network drive that holds the file".into(),
            _ => return None,
        })
    }
}
