//! Pictures in display order, and stand-ins for the one at a time. Pure.

use crate::packets::{Index, Packet};
use std::collections::HashSet;

/// The last picture still stands for times up to this much after its end, ns.
pub(super) const TAIL_NS: i64 = 1_000_000_000;

/// A stand-in in the same shot within this distance is as good as the picture itself: half of the
/// usual key frame distance of 2 s.
const REACH_NS: i64 = 1_050_000_000;

/// Penalty of a stand-in from another shot or this far away, ns.
const STRANGER_NS: i64 = 3_000_000_000;

/// Largest distance from a droppable picture to a picture that others refer to, for the latter to
/// stand for it within a group that is decoded anyway, ns.
pub(super) const SNAP_NS: i64 = 150_000_000;

/// The packets whose pictures are displayed, in display order.
pub(super) struct DisplayOrder {
    /// Indices of packets, sorted by start.
    pub order: Vec<usize>,
    /// Indices of displayed entries, sorted by start.
    alone: Vec<usize>,
    /// Possible starts of shots, ns, found by packet sizes and intra pictures.
    cuts: Vec<i64>,
}

impl DisplayOrder {
    pub fn of(packets: &[Packet]) -> Self {
        // Pictures before the first entry cannot be decoded.
        let first = packets.iter().position(|p| p.role.entry).unwrap_or(0);
        let mut order: Vec<usize> = (first..packets.len())
            .filter(|&i| packets[i].shown && packets[i].stamp_ns >= packets[first].stamp_ns)
            .collect();
        order.sort_by_key(|&i| packets[i].start_ns);
        let alone = order
            .iter()
            .copied()
            .filter(|&i| packets[i].role.entry)
            .collect();
        Self {
            order,
            alone,
            cuts: cuts(packets),
        }
    }

    /// The last picture that starts at or before `time_ns`, or the first picture.
    pub fn at(&self, packets: &[Packet], time_ns: i64, ended: bool) -> Option<usize> {
        let after = self
            .order
            .partition_point(|&i| packets[i].start_ns <= time_ns);
        let found = *self.order.get(after.saturating_sub(1))?;
        let last = after == self.order.len() && ended;
        let end = packets[found].end_ns.unwrap_or(packets[found].start_ns);
        (!last || time_ns < end.saturating_add(TAIL_NS)).then_some(found)
    }

    /// The nearest picture that others refer to, or `exact` itself if none is near.
    pub fn referred(&self, packets: &[Packet], exact: usize) -> usize {
        let ns = packets[exact].start_ns;
        let from = self
            .order
            .partition_point(|&i| packets[i].start_ns < ns - SNAP_NS);
        self.order[from..]
            .iter()
            .copied()
            .take_while(|&i| packets[i].start_ns <= ns + SNAP_NS)
            .filter(|&i| !packets[i].role.droppable)
            .min_by_key(|&i| (packets[i].start_ns - ns).abs())
            .unwrap_or(exact)
    }

    /// The best entry to stand for `time_ns`, and its penalty: 0 if it is near and in the shot of
    /// `exact`, else growing with its distance, and [`STRANGER_NS`] for another shot.
    pub fn stand_in(&self, packets: &[Packet], exact: usize, time_ns: i64) -> (usize, i64) {
        let exact_ns = packets[exact].start_ns;
        let same_shot = |ns: i64| {
            let (low, high) = (ns.min(exact_ns), ns.max(exact_ns));
            let at = self.cuts.partition_point(|&c| c <= low);
            self.cuts.get(at).is_none_or(|&c| c > high)
        };
        let loss = |i: usize| {
            let away = (packets[i].start_ns - time_ns).abs();
            match same_shot(packets[i].start_ns) {
                true if away <= REACH_NS => 0,
                true => (away / 3).min(STRANGER_NS / 2),
                false => STRANGER_NS,
            }
        };
        let after = self
            .alone
            .partition_point(|&i| packets[i].start_ns <= exact_ns);
        let before = after.checked_sub(1).map(|i| self.alone[i]);
        [before, self.alone.get(after).copied()]
            .into_iter()
            .flatten()
            .map(|i| (i, loss(i)))
            .min_by_key(|&(i, loss)| (loss, (packets[i].start_ns - time_ns).abs()))
            .unwrap_or((exact, 0))
    }
}

/// A predicted picture larger than its neighbours by this factor starts a shot.
const JUMP: usize = 4;

/// Neighbours compared on each side.
const NEIGHBOURS: usize = 8;

/// Possible starts of shots, ns. An encoder spends bits there: on an intra picture that is not an
/// entry, or on a predicted one much larger than its neighbours.
fn cuts(packets: &[Packet]) -> Vec<i64> {
    let entries: Vec<usize> = packets
        .iter()
        .filter(|p| p.role.entry)
        .map(|p| p.bytes)
        .collect();
    let entry_bytes = median(entries);
    let predicted: Vec<&Packet> = packets
        .iter()
        .filter(|p| !p.role.entry && !p.role.droppable)
        .collect();
    let mut found: Vec<i64> = Vec::new();
    for (at, packet) in predicted.iter().enumerate() {
        let near =
            &predicted[at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS).min(predicted.len())];
        let usual = median(near.iter().map(|p| p.bytes).collect());
        let jumps = packet.bytes > JUMP * usual && packet.bytes * 2 > entry_bytes;
        if packet.role.intra || jumps {
            found.push(packet.start_ns);
        }
    }
    found.sort_unstable();
    found
}

pub(super) fn median(mut values: Vec<usize>) -> usize {
    if values.is_empty() {
        return 0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable(middle).1
}

/// The display order, if the index is complete enough to choose by.
pub(super) fn reliable(index: &Index) -> Option<DisplayOrder> {
    let packets = &index.packets;
    let mut stamps = HashSet::with_capacity(packets.len());
    if !index.timed || !packets.iter().all(|p| stamps.insert(p.stamp_ns)) {
        return None;
    }
    let shown = DisplayOrder::of(packets);
    let usable = !shown.order.is_empty() && packets.iter().any(|p| p.role.entry);
    usable.then_some(shown)
}
