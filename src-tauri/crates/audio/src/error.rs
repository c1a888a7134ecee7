//! What can go wrong when a music file is read.

use std::path::{Path, PathBuf};

use needledrop_models::ModelError;

/// An error of this crate. [`code`](AudioError::code) is stable, the text is for people.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// No such file.
    #[error("expected a music file, found nothing: {}", path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// The file is there and cannot be read.
    #[error("the file cannot be read: {source}: {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Zero bytes.
    #[error("expected a music file, found zero bytes: {}", path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// No container that this program knows, or one whose head makes no sense.
    #[error(
        "no music could be found in the file ({reason}); expected WAV, AIFF, FLAC, MP3, AAC or ALAC in M4A, Ogg Vorbis, Opus or CAF: {}",
        path.display()
    )]
    NotAudio {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        reason: String,
    },
    /// A container without sound.
    #[error("the file holds no audio stream: {}", path.display())]
    NoAudioStream {
        /// The file.
        path: PathBuf,
    },
    /// A codec that this program has no decoder for.
    #[error("no decoder for the codec {codec}; convert the file to FLAC or WAV: {}", path.display())]
    UnsupportedCodec {
        /// The file.
        path: PathBuf,
        /// The codec as far as it is known.
        codec: String,
    },
    /// Sample rate or channel count outside the bounds.
    #[error("expected {expected}, got {got}: {}", path.display())]
    UnsupportedLayout {
        /// The file.
        path: PathBuf,
        /// The bounds.
        expected: String,
        /// What the file has.
        got: String,
    },
    /// The stream broke before anything could be decoded.
    #[error("nothing could be decoded, the file is damaged ({reason}): {}", path.display())]
    Undecodable {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        reason: String,
    },
    /// Less sound than one patch of the tagger.
    #[error("expected at least {least_s} s of sound, got {got_s:.2} s: {}", path.display())]
    TooShort {
        /// The file.
        path: PathBuf,
        /// Least length, seconds.
        least_s: f64,
        /// Length found, seconds.
        got_s: f64,
    },
    /// More sound than the cap.
    #[error("expected at most {most_s:.0} s of sound, the file goes on beyond; split it: {}", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The cap, seconds.
        most_s: f64,
    },
    /// The caller asked to stop. An outcome, not a failure.
    #[error("the analysis was cancelled")]
    Cancelled,
    /// The pack has not what this crate needs.
    #[error("the pack {pack} cannot analyse music: {reason}")]
    BadPack {
        /// Pack name.
        pack: String,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// A model or its runtime failed.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl AudioError {
    /// Stable snake_case code, as the command line and the UI show it.
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

    /// Whether the file is at fault, so that an index notes it and goes on with the next one.
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
