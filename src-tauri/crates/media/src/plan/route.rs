//! What to decode, and the pictures to keep of it.

use std::collections::HashSet;

/// A picture to keep and the sampling times it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    /// Stream time in ns at which the decoder hands it out.
    pub start_ns: i64,
    /// The sampling times in seconds, ascending.
    pub times_s: Vec<f64>,
}

/// What to decode.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Route {
    /// Let through the packets with these stamps (ns) and keep the pictures of `targets`.
    Chosen {
        stamps: HashSet<i64>,
        targets: Vec<Target>,
    },
    /// The index cannot be relied on: decode everything, keep what is shown at each time.
    Straight,
}
