//! The packets that chosen pictures depend on. Pure.

use crate::packets::{Index, Packet};
use std::collections::HashSet;

/// Stamps of the pictures and of all packets that they depend on.
pub(super) fn stamps(index: &Index, pictures: impl Iterator<Item = usize>) -> HashSet<i64> {
    let packets = &index.packets;
    let mut keep = vec![false; packets.len()];
    for picture in pictures {
        need(packets, picture, &mut keep);
    }
    if index.in_band
        && let Some(first) = packets.iter().position(|p| p.role.entry)
    {
        keep[first] = true;
    }
    let kept = packets.iter().zip(&keep).filter(|(_, kept)| **kept);
    kept.map(|(packet, _)| packet.stamp_ns).collect()
}

/// Marks `picked` and everything that it depends on.
fn need(packets: &[Packet], picked: usize, keep: &mut [bool]) {
    keep[picked] = true;
    if packets[picked].role.entry {
        return;
    }
    let entry_before = |end: usize| packets[..end].iter().rposition(|p| p.role.entry);
    let Some(entry) = entry_before(picked) else {
        // Without an entry before it: all packets before it.
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
