//! Which packets are decoded for which sampling times. Pure.
//!
//! The frame *at* a time t is the last one that starts at or before t (the one a
//! player shows). Exact sampling takes it for every time. Fast sampling takes, where
//! it lies in the same shot and within [`REACH_NS`], the nearest picture that can be
//! decoded alone, and falls back to the exact frame elsewhere: with key frames ten
//! seconds apart the nearest key frame is of another shot too often.
//!
//! Either way only what a chosen picture is built from is decoded: from the entry
//! before it up to it, without pictures that no other refers to.

use crate::{
    Sampling,
    packets::{Index, Packet},
};
use std::collections::{BTreeMap, HashSet};

/// How far a stand-in may lie from the time it stands for: half of the usual key
/// frame distance of 2 s.
const REACH_NS: i64 = 1_050_000_000;
/// How far ahead a stand-in may lie in a shot without any cheap picture nearer: it
/// spares decoding the end of a long group of pictures.
const AHEAD_NS: i64 = 4_100_000_000;
/// How far a picture that others refer to may lie from one that none refers to and
/// still stand for it where a group of pictures is decoded anyway.
const SNAP_NS: i64 = 150_000_000;
/// One packet in this many may be decoded only to reach a shot that has no entry of its
/// own while an entry of the shot beside it is near; the cheapest shots come first.
const DETOUR: usize = 64;
/// The picture may end this much before the clip does and still stand for its last
/// seconds.
const TAIL_NS: i64 = 1_000_000_000;

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

/// Chooses for each of `times_s`; times after the end of the picture are left out.
pub(crate) fn route(index: &Index, times_s: &[f64], sampling: Sampling) -> Route {
    let packets = &index.packets;
    let mut stamps = HashSet::with_capacity(packets.len());
    let unique = packets.iter().all(|p| stamps.insert(p.stamp_ns));
    if !index.timed || !unique || !packets.iter().any(|p| p.role.entry) {
        return Route::Straight;
    }
    let shown = Shown::of(packets);
    if shown.order.is_empty() {
        return Route::Straight;
    }
    let mut chosen: BTreeMap<i64, (usize, Vec<f64>)> = BTreeMap::new();
    let exact: Vec<Option<usize>> = times_s
        .iter()
        .map(|&t| shown.at(packets, nanoseconds(t), index.ended))
        .collect();
    let cheap = match sampling {
        Sampling::Exact => Vec::new(),
        Sampling::Fast => cheapest(packets, &shown, times_s, &exact),
    };
    for (at, &time_s) in times_s.iter().enumerate() {
        let Some(exact) = exact[at] else {
            continue;
        };
        let picked = match sampling {
            Sampling::Exact => exact,
            Sampling::Fast => cheap[at],
        };
        let start = packets[picked].start_ns;
        chosen
            .entry(start)
            .or_insert((picked, Vec::new()))
            .1
            .push(time_s);
    }
    let mut keep = vec![false; packets.len()];
    for (picked, _) in chosen.values() {
        need(packets, *picked, &mut keep);
    }
    if index.in_band
        && let Some(first) = packets.iter().position(|p| p.role.entry)
    {
        keep[first] = true;
    }
    Route::Chosen {
        stamps: packets
            .iter()
            .zip(&keep)
            .filter(|(_, kept)| **kept)
            .map(|(packet, _)| packet.stamp_ns)
            .collect(),
        targets: chosen
            .into_iter()
            .map(|(start_ns, (_, times_s))| Target { start_ns, times_s })
            .collect(),
    }
}

fn nanoseconds(time_s: f64) -> i64 {
    (time_s * 1e9).round() as i64
}

/// The fast choice for each time.
fn cheapest(
    packets: &[Packet],
    shown: &Shown,
    times_s: &[f64],
    exact: &[Option<usize>],
) -> Vec<usize> {
    let mut detours = Vec::new();
    let mut picked = Vec::with_capacity(times_s.len());
    for (at, (&time_s, exact)) in times_s.iter().zip(exact).enumerate() {
        let Some(exact) = *exact else {
            picked.push(0);
            continue;
        };
        let time_ns = nanoseconds(time_s);
        let choice = shown
            .stand_in(packets, exact, time_ns)
            .unwrap_or_else(|| shown.referred(packets, exact));
        if let Some(entry) = shown.nearest_entry(packets, time_ns)
            && !packets[choice].role.entry
        {
            let cost = choice
                - packets[..choice]
                    .iter()
                    .rposition(|p| p.role.entry)
                    .unwrap_or(0);
            detours.push((cost, at, entry));
        }
        picked.push(choice);
    }
    detours.sort_unstable();
    let mut spent = 0;
    for (cost, at, entry) in detours {
        spent += cost;
        if spent > packets.len() / DETOUR {
            picked[at] = entry;
        }
    }
    picked
}

/// Marks `picked` and everything it is built from.
fn need(packets: &[Packet], picked: usize, keep: &mut [bool]) {
    keep[picked] = true;
    if packets[picked].role.entry {
        return;
    }
    let entry_before = |end: usize| packets[..end].iter().rposition(|p| p.role.entry);
    let Some(entry) = entry_before(picked) else {
        // No entry before it: everything that is there.
        keep[..picked].iter_mut().for_each(|k| *k = true);
        return;
    };
    let leads = |at: usize, entry: usize| packets[at].stamp_ns < packets[entry].stamp_ns;
    let leading = leads(picked, entry);
    for at in entry..picked {
        keep[at] |= !packets[at].role.droppable && (leading || !leads(at, entry));
    }
    if leading && let Some(before) = entry_before(entry) {
        for at in before..entry {
            keep[at] |= !packets[at].role.droppable && !leads(at, before);
        }
    }
}

/// The packets whose pictures show, in the order they show.
struct Shown {
    /// Indices of packets, by start.
    order: Vec<usize>,
    /// Indices of pictures that stand for their shot at little cost, by start.
    alone: Vec<usize>,
    /// Starts of shots, in ns, as far as packet sizes and intra pictures betray them.
    cuts: Vec<i64>,
}

impl Shown {
    fn of(packets: &[Packet]) -> Self {
        // What comes before the first entry cannot be decoded.
        let first = packets.iter().position(|p| p.role.entry).unwrap_or(0);
        let mut order: Vec<usize> = (first..packets.len())
            .filter(|&i| packets[i].shown && packets[i].stamp_ns >= packets[first].stamp_ns)
            .collect();
        order.sort_by_key(|&i| packets[i].start_ns);
        let alone = order
            .iter()
            .copied()
            .filter(|&i| packets[i].role.intra)
            .collect();
        Self {
            order,
            alone,
            cuts: cuts(packets),
        }
    }

    /// The last picture that starts at or before `time_ns`; the first one before all.
    fn at(&self, packets: &[Packet], time_ns: i64, ended: bool) -> Option<usize> {
        let after = self
            .order
            .partition_point(|&i| packets[i].start_ns <= time_ns);
        let found = *self.order.get(after.saturating_sub(1))?;
        let last = after == self.order.len() && ended;
        let end = packets[found].end_ns.unwrap_or(packets[found].start_ns);
        (!last || time_ns < end.saturating_add(TAIL_NS)).then_some(found)
    }

    /// The entry nearest to `time_ns` and within reach of it, of whatever shot.
    fn nearest_entry(&self, packets: &[Packet], time_ns: i64) -> Option<usize> {
        let away = |i: usize| (packets[i].start_ns - time_ns).abs();
        let entries = self
            .alone
            .iter()
            .copied()
            .filter(|&i| packets[i].role.entry);
        entries
            .filter(|&i| away(i) <= REACH_NS)
            .min_by_key(|&i| away(i))
    }

    /// The picture nearest to `exact` that others refer to, or itself when none is near.
    fn referred(&self, packets: &[Packet], exact: usize) -> usize {
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

    /// A picture that decodes alone, near `time_ns` and in the same shot as `exact`.
    fn stand_in(&self, packets: &[Packet], exact: usize, time_ns: i64) -> Option<usize> {
        if packets[exact].role.intra {
            return Some(exact);
        }
        let exact_ns = packets[exact].start_ns;
        let same_shot = |ns: i64| {
            let (low, high) = (ns.min(exact_ns), ns.max(exact_ns));
            let at = self.cuts.partition_point(|&c| c <= low);
            self.cuts.get(at).is_none_or(|&c| c > high)
        };
        let after = self
            .alone
            .partition_point(|&i| packets[i].start_ns <= exact_ns);
        let before = after.checked_sub(1).map(|i| self.alone[i]);
        [before, self.alone.get(after).copied()]
            .into_iter()
            .flatten()
            .filter(|&i| {
                let away = packets[i].start_ns - time_ns;
                (-REACH_NS..=AHEAD_NS).contains(&away) && same_shot(packets[i].start_ns)
            })
            .min_by_key(|&i| (packets[i].start_ns - time_ns).abs())
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

fn median(mut values: Vec<usize>) -> usize {
    if values.is_empty() {
        return 0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable(middle).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitstream::Role;

    const MS: i64 = 1_000_000;

    fn packet(at_ms: i64, kind: char, bytes: usize) -> Packet {
        Packet {
            stamp_ns: at_ms * MS,
            start_ns: at_ms * MS,
            end_ns: Some((at_ms + 100) * MS),
            shown: true,
            bytes,
            role: Role {
                entry: kind == 'K',
                intra: "KI".contains(kind),
                droppable: kind == 'b',
                unreadable: false,
            },
        }
    }

    /// 10 pictures a second, `gop` pictures a GOP, decoding order K b→ after its P.
    fn stream(seconds: i64, gop: i64) -> Index {
        let packets = (0..seconds * 10)
            .map(|i| match i % gop {
                0 => packet(i * 100, 'K', 9000),
                n if n % 2 == 0 => packet(i * 100, 'b', 200),
                _ => packet(i * 100, 'P', 1000),
            })
            .collect();
        Index {
            packets,
            timed: true,
            ended: true,
            ..Index::default()
        }
    }

    fn chosen(index: &Index, times: &[f64], sampling: Sampling) -> (Vec<i64>, Vec<Target>) {
        match route(index, times, sampling) {
            Route::Chosen { stamps, targets } => {
                let mut stamps: Vec<i64> = stamps.into_iter().map(|s| s / MS).collect();
                stamps.sort_unstable();
                (stamps, targets)
            }
            Route::Straight => panic!("the index is sound"),
        }
    }

    #[test]
    fn exact_takes_the_picture_shown_at_each_time() {
        let index = stream(4, 20);
        let (_, targets) = chosen(&index, &[0.0, 1.0, 2.05, 3.099], Sampling::Exact);
        let starts: Vec<i64> = targets.iter().map(|t| t.start_ns / MS).collect();
        assert_eq!(starts, [0, 1000, 2000, 3000], "the last start at or before");
    }

    #[test]
    fn only_the_pictures_a_chosen_one_needs_are_decoded() {
        let index = stream(4, 20);
        let (stamps, _) = chosen(&index, &[0.5], Sampling::Exact);
        assert_eq!(
            stamps,
            [0, 100, 300, 500],
            "entry, P pictures, nothing after, no b"
        );
        let (stamps, _) = chosen(&index, &[2.4], Sampling::Exact);
        assert_eq!(
            stamps,
            [2000, 2100, 2300, 2400],
            "its own GOP and itself, a b picture"
        );
    }

    #[test]
    fn fast_decodes_key_pictures_alone_where_they_are_two_seconds_apart() {
        let index = stream(10, 20);
        let times: Vec<f64> = (0..10).map(f64::from).collect();
        let (stamps, targets) = chosen(&index, &times, Sampling::Fast);
        assert_eq!(stamps, [0, 2000, 4000, 6000, 8000], "key pictures only");
        let served: usize = targets.iter().map(|t| t.times_s.len()).sum();
        assert_eq!(served, 10, "every sampling time is stood for");
    }

    #[test]
    fn fast_decodes_further_where_key_pictures_are_sparse() {
        let index = stream(20, 100);
        let times: Vec<f64> = (0..20).map(f64::from).collect();
        let (stamps, targets) = chosen(&index, &times, Sampling::Fast);
        assert!(
            targets
                .iter()
                .any(|t| t.times_s == [5.0] && (t.start_ns - 5000 * MS).abs() <= 100 * MS),
            "near it in mid GOP"
        );
        assert!(
            stamps.contains(&4900) && !stamps.contains(&5300),
            "no tail of the GOP"
        );
    }

    #[test]
    fn no_picture_stands_for_a_time_in_another_shot() {
        let mut index = stream(100, 20);
        index.packets[7] = packet(700, 'P', 9000);
        let (_, targets) = chosen(&index, &[0.0, 1.0, 2.0], Sampling::Fast);
        let for_one = targets.iter().find(|t| t.times_s.contains(&1.0)).unwrap();
        assert_eq!(
            for_one.start_ns,
            2000 * MS,
            "the key picture of the same shot"
        );
        index.packets[13] = packet(1300, 'I', 9000);
        let (_, targets) = chosen(&index, &[0.0, 1.0, 2.0], Sampling::Fast);
        let for_one = targets.iter().find(|t| t.times_s.contains(&1.0)).unwrap();
        assert_eq!(
            for_one.start_ns,
            900 * MS,
            "a shot without a cheap picture is decoded"
        );
    }

    #[test]
    fn leading_pictures_pull_in_the_group_before() {
        let mut packets = stream(2, 10).packets;
        // An open GOP: after the entry at 1000 comes a picture shown at 950.
        packets.insert(11, packet(950, 'b', 200));
        let index = Index {
            packets,
            timed: true,
            ended: true,
            ..Index::default()
        };
        let (stamps, _) = chosen(&index, &[0.95], Sampling::Exact);
        assert_eq!(
            stamps,
            [0, 100, 300, 500, 700, 900, 950, 1000],
            "both groups it refers to"
        );
    }

    #[test]
    fn times_after_the_picture_ends_are_left_out() {
        let index = stream(3, 20);
        let (_, targets) = chosen(&index, &[2.0, 3.5, 9.0], Sampling::Exact);
        let served: Vec<f64> = targets.iter().flat_map(|t| t.times_s.clone()).collect();
        assert_eq!(
            served,
            [2.0, 3.5],
            "the last picture stands a second longer, not six"
        );
    }

    #[test]
    fn an_index_without_times_or_with_double_ones_is_not_relied_on() {
        let mut index = stream(2, 10);
        index.timed = false;
        assert_eq!(
            route(&index, &[0.0], Sampling::Fast),
            Route::Straight,
            "no times"
        );
        let mut index = stream(2, 10);
        index.packets[3].stamp_ns = index.packets[2].stamp_ns;
        assert_eq!(
            route(&index, &[0.0], Sampling::Exact),
            Route::Straight,
            "double times"
        );
    }
}
