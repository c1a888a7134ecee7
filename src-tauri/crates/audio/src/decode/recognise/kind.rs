//! What a file is, by its content.

/// What a file is. The names are those that people use: `WAV`, `WavPack`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// Sound in a format that [`Decoder`](crate::decode::Decoder) reads. The file may still be
    /// damaged.
    Music(&'static str),
    /// Sound in a format, or of a codec, that no decoder here reads.
    Unsupported(&'static str),
    /// A container with a picture track; it may have sound.
    Film(&'static str),
    /// The resource fork of another file, which macOS writes beside it as `._name`.
    ResourceFork,
    /// Anything else.
    Other,
}
