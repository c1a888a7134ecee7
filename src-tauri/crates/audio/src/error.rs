//! Errors of reading and analysing a music file.

use std::path::{Path, PathBuf};

use needledrop_models::ModelError;

/// An error of this crate. [`code`](AudioError::code) is stable; the text is for people.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each message names its fields")]
pub enum AudioError {
    /// There is no such file.
    #[error("expected a music file, found nothing: {}", path.display())]
    NotFound { path: PathBuf },
    /// The file exists but cannot be read.
    #[error("the file cannot be read ({source}): {}", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The file has zero bytes.
    #[error("expected a music file, found zero bytes: {}", path.display())]
    EmptyFile { path: PathBuf },
    /// The container is unknown or its header is not valid.
    #[error(
        "no music could be found in the file ({reason}); expected WAV, AIFF, FLAC, MP3, AAC or ALAC in M4A, Ogg Vorbis, Opus or CAF: {}",
        path.display()
    )]
    NotAudio { path: PathBuf, reason: String },
    /// The container holds no sound.
    #[error("expected a music file, found no sound in it: {}", path.display())]
    NoAudioStream { path: PathBuf },
    /// No decoder is installed for the codec.
    #[error("the codec {codec} cannot be decoded; convert the file to FLAC or WAV: {}", path.display())]
    UnsupportedCodec { path: PathBuf, codec: String },
    /// The sample rate or the channel count is out of bounds.
    #[error("expected {expected}, got {got}: {}", path.display())]
    UnsupportedLayout {
        path: PathBuf,
        expected: String,
        got: String,
    },
    /// Decoding failed before the first sample.
    #[error("the file is damaged, nothing could be decoded ({reason}): {}", path.display())]
    Undecodable { path: PathBuf, reason: String },
    /// The sound is shorter than the models need.
    #[error("expected at least {least_s} s of sound, got {got_s:.2} s: {}", path.display())]
    TooShort {
        path: PathBuf,
        least_s: f64,
        got_s: f64,
    },
    /// The sound is longer than the limit.
    #[error("expected at most {most_s:.0} s of sound, the file is longer; split it: {}", path.display())]
    TooLong { path: PathBuf, most_s: f64 },
    /// The caller cancelled. This is an outcome, not a failure.
    #[error("the analysis was cancelled")]
    Cancelled,
    /// The pack lacks something that this crate needs.
    #[error("the pack {pack} cannot analyse music: {reason}")]
    BadPack { pack: String, reason: String },
    /// A model or its runtime failed.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl AudioError {
    /// Stable snake_case code, printed by the command line and read by the window.
    pub fn code(&self) -> &'static str {
        match self {
            AudioError::NotFound { .. } => "not_found",
            AudioError::Unreadable { .. } => "unreadable",
            AudioError::EmptyFile { .. } => "empty_file",
            AudioError::NotAudio { .. } => "not_audio",
            AudioError::NoAudioStream { .. } => "no_audio_stream",
            AudioError::UnsupportedCodec { .. } => "unsupported_codec",
            AudioError::UnsupportedLayout { .. } => "unsupported_layout",
            AudioError::Undecodable { .. } => "undecodable",
            AudioError::TooShort { .. } => "too_short",
            AudioError::TooLong { .. } => "too_long",
            AudioError::Cancelled => "cancelled",
            AudioError::BadPack { .. } => "bad_pack",
            AudioError::Model(error) => error.code(),
        }
    }

    /// Whether the file is at fault. The indexer then records the error and goes on with the next
    /// file.
    pub fn is_about_the_file(&self) -> bool {
        !matches!(
            self,
            AudioError::Cancelled | AudioError::BadPack { .. } | AudioError::Model(_)
        )
    }

    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            std::io::ErrorKind::NotFound => AudioError::NotFound { path },
            _ => AudioError::Unreadable { path, source },
        }
    }
}
