//! The route of the second look: the pictures between two that the dense pass handed on. Pure.

use super::{
    display_order::reliable,
    needed::Needed,
    route::{Route, Target},
};
use crate::{packets::Index, stream_time::nanoseconds};
use std::collections::BTreeSet;

/// Packets that a second look may always decode: ten seconds at 40 a second.
const ALWAYS: usize = 400;
/// Share of the range's packets that it may decode in a longer range.
const SHARE: f64 = 0.125;
/// Most packets that it decodes: two minutes at 120 a second and an eighth.
const MOST: usize = 1_800;
/// Times that were rounded to seconds and back differ by less than this, ns.
const ROUNDED_NS: i64 = 1_000;

/// The route to all pictures of the spans (stream times in seconds) that have pictures within, with
/// their first and last, and the times that it serves. Spans come in order of importance; those that
/// cost too much are left out. `None` if nothing is left to decode.
pub(crate) fn between(index: &Index, spans_s: &[(f64, f64)]) -> Option<(Route, Vec<f64>)> {
    let packets = &index.packets;
    let shown = reliable(index)?;
    let share = (packets.len() as f64 * SHARE) as usize;
    let most = share.clamp(ALWAYS, MOST);
    let mut needed = Needed::of(index);
    let mut chosen = BTreeSet::new();
    for &(from_s, to_s) in spans_s {
        let (from, to) = (nanoseconds(from_s), nanoseconds(to_s));
        let first = (shown.order).partition_point(|&i| packets[i].start_ns < from - ROUNDED_NS);
        let pictures: Vec<usize> = shown.order[first..]
            .iter()
            .copied()
            .take_while(|&i| packets[i].start_ns <= to + ROUNDED_NS)
            .collect();
        if pictures.len() > 2 && needed.add_within(&pictures, most) {
            chosen.extend(pictures.iter().map(|&i| packets[i].start_ns));
        }
    }
    if chosen.is_empty() {
        return None;
    }
    let targets: Vec<Target> = chosen
        .iter()
        .map(|&start_ns| Target {
            start_ns,
            times_s: vec![start_ns as f64 / 1e9],
        })
        .collect();
    let times_s = targets.iter().map(|t| t.times_s[0]).collect();
    let stamps = needed.stamps();
    Some((Route::Chosen { stamps, targets }, times_s))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bitstream::Role, packets::Packet};

    const MS: i64 = 1_000_000;

    /// Groups of `gop` pictures 40 ms apart: an entry, then a droppable and a referred one in turn.
    fn stream(count: usize, gop: usize) -> Index {
        let packet = |n: usize| Packet {
            stamp_ns: n as i64 * 40 * MS,
            start_ns: n as i64 * 40 * MS,
            end_ns: Some((n as i64 + 1) * 40 * MS),
            shown: true,
            bytes: 1_000,
            role: Role {
                entry: n.is_multiple_of(gop),
                intra: n.is_multiple_of(gop),
                droppable: n % gop % 2 == 1,
                unreadable: false,
            },
        };
        Index {
            packets: (0..count).map(packet).collect(),
            timed: true,
            ended: true,
            ..Index::default()
        }
    }

    /// Numbers of the pictures handed on, and of the packets decoded.
    fn looked(index: &Index, spans_s: &[(f64, f64)]) -> (Vec<i64>, usize) {
        match between(index, spans_s) {
            Some((Route::Chosen { stamps, targets }, times_s)) => {
                assert_eq!(targets.len(), times_s.len());
                let number = |t: &Target| t.start_ns / (40 * MS);
                (targets.iter().map(number).collect(), stamps.len())
            }
            other => {
                assert_eq!(other, None);
                (Vec::new(), 0)
            }
        }
    }

    #[test]
    fn the_pictures_between_two_and_what_they_need_are_decoded() {
        let index = stream(100, 20);
        assert_eq!(looked(&index, &[(0.96, 1.04)]), (vec![24, 25, 26], 5));
        let times_s = (0.1 + 0.2, 0.96 + 0.08);
        assert_eq!(looked(&index, &[times_s]).0.last(), Some(&26), "rounded");
    }

    #[test]
    fn neighbours_and_places_outside_cost_nothing() {
        let index = stream(100, 20);
        for spans_s in [(0.96, 1.0), (9.0, 9.2), (3.0, 2.0), (f64::NAN, f64::NAN)] {
            assert_eq!(between(&index, &[spans_s]), None, "{spans_s:?}");
        }
        assert_eq!(between(&Index::default(), &[(0.0, 1.0)]), None);
    }

    #[test]
    fn what_costs_too_much_is_left_out() {
        // Half of all pictures are referred to: the last picture of one group needs 1,000.
        let index = stream(4_000, 2_000);
        let (far, near) = ((79.84, 79.92), (80.0, 80.08));
        let (seen, decoded) = looked(&index, &[far, near]);
        assert_eq!(seen, vec![2_000, 2_001, 2_002], "the dear one goes");
        assert_eq!(decoded, 3);
    }
}
