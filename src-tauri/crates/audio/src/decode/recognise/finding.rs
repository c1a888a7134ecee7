//! What was found, and where.

use super::kind::Recognised;

/// What a source is, and the range of it that holds the sound.
pub(in super::super) struct Finding {
    pub kind: Recognised,
    /// Position of the first byte to decode.
    pub from: u64,
    /// Number of bytes to decode; `None` for all that follow.
    pub length: Option<u64>,
}

impl Finding {
    /// The whole source.
    pub fn whole(kind: Recognised) -> Finding {
        Finding {
            kind,
            from: 0,
            length: None,
        }
    }
}
