//! Which picture shows when, and which one may stand in for it. Pure.

use crate::packets::{Index, Packet};
use std::collections::HashSet;

/// The picture may end this much before the clip does and still stand for its last
/// seconds.
pub(super) const TAIL_NS: i64 = 1_000_000_000;

/// A stand-in this near and of the same shot is as good as the picture itself: half of the
/// usual key frame distance of 2 s.
const REACH_NS: i64 = 1_050_000_000;

/// A stand-in of another shot, or this far away, says nothing about the time.
const STRANGER_NS: i64 = 3_000_000_000;

/// How far a picture that others refer to may lie from one that none refers to and
/// still stand for it where a group of pictures is decoded anyway.
pub(super) const SNAP_NS: i64 = 150_000_000;

/// The packets whose pictures show, in the order they show.
pub(super) struct Shown {
    /// Indices of packets, by start.
    pub order: Vec<usize>,
    /// Indices of entries that show, by start.
    alone: Vec<usize>,
    /// Starts of shots, in ns, as far as packet sizes and intra pictures betray them.
    cuts: Vec<i64>,
}

impl Shown {
    pub fn of(packets: &[Packet]) -> Self {
        // What comes before the first entry cannot be decoded.
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

    /// The last picture that starts at or before `time_ns`; the first one before all.
    pub fn at(&self, packets: &[Packet], time_ns: i64, ended: bool) -> Option<usize> {
        let after = self
            .order
            .partition_point(|&i| packets[i].start_ns <= time_ns);
        let found = *self.order.get(after.saturating_sub(1))?;
        let last = after == self.order.len() && ended;
        let end = packets[found].end_ns.unwrap_or(packets[found].start_ns);
        (!last || time_ns < end.saturating_add(TAIL_NS)).then_some(found)
    }

    /// The picture nearest to `exact` that others refer to, or itself when none is near.
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

    /// The entry that stands best for `time_ns`, and how poorly: 0 within reach and in the shot
    /// of `exact`, else its distance in ns, and [`STRANGER_NS`] at most and for another shot.
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

/// A predicted picture this many times the size of its neighbours starts a shot.
const JUMP: usize = 4;

/// Neighbours looked at on either side.
const NEIGHBOURS: usize = 8;

/// Where shots begin, in ns: an encoder spends intra bits there, be it in an intra
/// picture that is no entry or in a predicted one that is far larger than its like.
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

/// What shows, where the packets tell enough to choose by.
pub(super) fn reliable(index: &Index) -> Option<Shown> {
    let packets = &index.packets;
    let mut stamps = HashSet::with_capacity(packets.len());
    if !index.timed || !packets.iter().all(|p| stamps.insert(p.stamp_ns)) {
        return None;
    }
    let shown = Shown::of(packets);
    let usable = !shown.order.is_empty() && packets.iter().any(|p| p.role.entry);
    usable.then_some(shown)
}
