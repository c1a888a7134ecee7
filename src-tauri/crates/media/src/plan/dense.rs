//! The route of the dense pass: droppable pictures are decoded only near possible cuts and in gaps.
//! Pure.

use super::{
    display_order::{TAIL_NS, median, reliable},
    needed::stamps,
    route::{Route, Target},
};
use crate::{
    packets::{Index, Packet},
    stream_time::nanoseconds,
};

/// Largest distance of decoded pictures, where the clip has them: eleven a second.
const STEP_NS: i64 = 90_000_000;
/// Droppable pictures are decoded at most this often, and so are those of streams in which each
/// picture decodes alone: each picture of 60 a second.
const CLOSE_NS: i64 = 15_000_000;
/// A predicted picture larger than its neighbours by this factor may start a shot.
const SUSPECT: f64 = 2.2;
/// Neighbours compared on each side.
const NEIGHBOURS: usize = 6;

/// The route through a range of stream time in seconds, and the times that it serves.
pub(crate) fn dense(index: &Index, (from_s, to_s): (f64, f64)) -> (Route, Vec<f64>) {
    let packets = &index.packets;
    let (from, to) = (nanoseconds(from_s), nanoseconds(to_s));
    let Some(shown) = reliable(index) else {
        let times = blind(index, from, to);
        return (Route::Straight, times.map(|ns| ns as f64 / 1e9).collect());
    };
    let order: Vec<usize> = shown
        .order
        .iter()
        .copied()
        .filter(|&i| packets[i].start_ns < to && end(&packets[i]) > from)
        .collect();
    let chosen = choose(packets, &order);
    let stamps = stamps(index, chosen.iter().copied());
    let targets: Vec<Target> = chosen
        .iter()
        .map(|&at| Target {
            start_ns: packets[at].start_ns,
            times_s: vec![packets[at].start_ns as f64 / 1e9],
        })
        .collect();
    let mut times_s: Vec<f64> = targets.iter().map(|t| t.times_s[0]).collect();
    // If the pictures end well before the range does, something is missing.
    let last = order.last().map_or(from, |&at| end(&packets[at]));
    if last.saturating_add(TAIL_NS) < to {
        times_s.push(to_s);
    }
    (Route::Chosen { stamps, targets }, times_s)
}

/// Sampling times of a clip without a usable index, in which every picture is decoded anyway: the
/// starts of its pictures as far as they are known, else even ones.
fn blind(index: &Index, from: i64, to: i64) -> impl Iterator<Item = i64> {
    let inside = |ns: &i64| (from..to).contains(ns);
    let mut starts: Vec<i64> = Vec::new();
    if index.timed {
        starts.extend(index.packets.iter().map(|p| p.start_ns).filter(inside));
        starts.sort_unstable();
        starts.dedup();
    }
    let known = !starts.is_empty();
    let even = (from..to)
        .step_by(CLOSE_NS as usize)
        .filter(move |_| !known);
    starts.into_iter().chain(even)
}

fn end(packet: &Packet) -> i64 {
    packet.end_ns.unwrap_or(packet.start_ns + 1)
}

/// The pictures of `order` (in display order) that are decoded.
fn choose(packets: &[Packet], order: &[usize]) -> Vec<usize> {
    let suspects = suspects(packets, order);
    let mut chosen: Vec<usize> = Vec::with_capacity(order.len());
    let start = |at: usize| packets[order[at]].start_ns;
    for at in 0..order.len() {
        let packet = &packets[order[at]];
        let since = chosen
            .last()
            .map_or(i64::MAX, |&last| packet.start_ns - packets[last].start_ns);
        // Distance to the next picture that is decoded in any case.
        let until = order[at + 1..]
            .iter()
            .position(|&i| !packets[i].role.droppable)
            .map_or(i64::MAX, |ahead| start(at + 1 + ahead) - packet.start_ns);
        let wanted = if packet.role.droppable {
            since >= CLOSE_NS
                && (suspects[at] || (since.saturating_add(until) > STEP_NS && since >= STEP_NS / 2))
        } else {
            true
        };
        if wanted {
            chosen.push(order[at]);
        }
    }
    chosen
}

/// Which pictures lie between the picture that a possible start of a shot was predicted from and that
/// start, or directly after it. Pictures coded later between the two do not betray the start: they are
/// predicted from either side of it.
fn suspects(packets: &[Packet], order: &[usize]) -> Vec<bool> {
    let mut marked = vec![false; order.len()];
    let referred: Vec<usize> = (0..order.len())
        .filter(|&at| !packets[order[at]].role.droppable)
        .collect();
    if referred.is_empty() {
        // Each picture decodes alone; its size gives no hint.
        return vec![true; order.len()];
    }
    let bytes = |at: usize| packets[order[at]].bytes;
    for (place, &at) in referred.iter().enumerate() {
        let near =
            &referred[place.saturating_sub(NEIGHBOURS)..(place + NEIGHBOURS).min(referred.len())];
        let usual = median(
            near.iter()
                .filter(|&&i| !packets[order[i]].role.intra)
                .map(|&i| bytes(i))
                .collect(),
        );
        let role = packets[order[at]].role;
        if role.intra || role.entry || bytes(at) as f64 > SUSPECT * usual as f64 {
            let before = referred[..place]
                .iter()
                .rfind(|&&i| order[i] < order[at])
                .copied()
                .unwrap_or(0);
            let after = referred.get(place + 1).copied().unwrap_or(order.len());
            marked[before..after].iter_mut().for_each(|m| *m = true);
        }
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitstream::Role;

    /// Pictures every 40 ms in display order; `d` is droppable, `P` is not, `I` is an entry.
    fn pictures(kinds: &str) -> Vec<Packet> {
        let packet = |(n, kind): (usize, char)| packet(n, kind);
        kinds.chars().enumerate().map(packet).collect()
    }

    fn packet(n: usize, kind: char) -> Packet {
        Packet {
            stamp_ns: n as i64 * 40_000_000,
            start_ns: n as i64 * 40_000_000,
            end_ns: Some((n as i64 + 1) * 40_000_000),
            shown: true,
            bytes: if kind == 'B' { 9_000 } else { 1_000 },
            role: Role {
                entry: kind == 'I',
                intra: kind == 'I',
                droppable: kind == 'd',
                unreadable: false,
            },
        }
    }

    /// The chosen of `order`, which is in display order.
    fn marked(packets: &[Packet], order: &[usize]) -> String {
        let chosen = choose(packets, order);
        let mark = |i: &usize| if chosen.contains(i) { 'x' } else { '.' };
        order.iter().map(mark).collect()
    }

    fn chosen(kinds: &str) -> String {
        let packets = pictures(kinds);
        marked(&packets, &(0..packets.len()).collect::<Vec<_>>())
    }

    /// Display order `pattern` again and again after an entry, each coded last picture first, then the
    /// referred one within, then the droppable ones.
    fn pyramid(groups: &[&str]) -> (Vec<Packet>, Vec<usize>) {
        let mut shown = vec![(0, 'I')];
        for group in groups {
            let from = shown.len();
            shown.extend(group.chars().enumerate().map(|(n, kind)| (from + n, kind)));
        }
        let mut packets = vec![packet(0, 'I')];
        let mut from = 1;
        for group in groups {
            let part = &shown[from..from + group.len()];
            let rank = |&(n, kind): &(usize, char)| match kind {
                'd' => 2,
                _ if n + 1 == from + group.len() => 0,
                _ => 1,
            };
            let mut part = part.to_vec();
            part.sort_by_key(rank);
            packets.extend(part.into_iter().map(|(n, kind)| packet(n, kind)));
            from += group.len();
        }
        let mut order: Vec<usize> = (0..packets.len()).collect();
        order.sort_by_key(|&i| packets[i].start_ns);
        (packets, order)
    }

    #[test]
    fn pictures_coded_between_a_large_one_and_its_reference_hide_no_cut() {
        let plain = "dPdP";
        let (packets, order) = pyramid(&[plain, plain, "dPdB", plain, plain]);
        assert_eq!(marked(&packets, &order), "xxx.x.x.xxxxxxx.x.x.x");
    }

    #[test]
    fn droppable_pictures_are_decoded_only_near_possible_cuts_and_in_gaps() {
        // The entry may start a shot, and so may a picture much larger than its neighbours.
        assert_eq!(chosen("IdPdPdPdPdPdPdP"), "xxx.x.x.x.x.x.x");
        assert_eq!(chosen("IdPdPdPdPdBdPdP"), "xxx.x.x.xxxxx.x");
        assert_eq!(chosen("IdddPdddPdddPdddP"), "xxxxx.x.x.x.x.x.x");
    }

    #[test]
    fn a_range_that_begins_with_droppable_pictures_gets_some_of_them() {
        assert_eq!(chosen("ddddP").chars().last(), Some('x'));
        assert!(chosen("dddd").starts_with('x'));
        assert_eq!(chosen(""), "");
    }
}
