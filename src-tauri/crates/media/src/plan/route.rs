//! What to decode, and which pictures to keep.

use std::collections::HashSet;

/// A picture to keep, and the sampling times that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    /// Stream time in ns at which the decoder hands it out.
    pub start_ns: i64,
    /// The sampling times in seconds, ascending.
    pub times_s: Vec<f64>,
}

/// The way to decode a range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Route {
    /// Pass only the packets with these stamps (ns); keep the pictures of `targets`.
    Chosen {
        stamps: HashSet<i64>,
        targets: Vec<Target>,
    },
    /// The index is not reliable: decode everything, keep the picture shown at each time.
    Straight,
}
