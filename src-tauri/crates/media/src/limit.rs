//! Limits of the index pass.

/// Two minutes of video have fewer packets than this.
pub(crate) const MAX_PACKETS: usize = 200_000;
/// At least this many packets are read before a limit of bytes applies.
const LEAST: usize = 50;

/// When the index pass ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub packets: usize,
    pub bytes: usize,
    /// Whether to read on after that, to the end, without keeping packets.
    pub reads_on: bool,
}

impl Limit {
    /// Only the bound that no valid clip reaches.
    pub const NONE: Limit = Limit {
        packets: MAX_PACKETS,
        bytes: usize::MAX,
        reads_on: false,
    };
    /// Reads to the end and keeps no packet.
    pub const REACH: Limit = Limit {
        packets: 0,
        bytes: usize::MAX,
        reads_on: true,
    };

    /// Whether so many packets of so many bytes in total are enough.
    pub fn is_met(self, packets: usize, bytes: usize) -> bool {
        packets >= self.packets || (bytes >= self.bytes && packets >= LEAST)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self::NONE
    }
}
