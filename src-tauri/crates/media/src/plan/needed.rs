//! The packets that chosen pictures depend on. Pure.

use crate::packets::{Index, Packet};
use std::collections::HashSet;

/// Stamps of the pictures and of all packets that they depend on.
pub(super) fn stamps(index: &Index, pictures: impl Iterator<Item = usize>) -> HashSet<i64> {
    let mut needed = Needed::of(index);
    for picture in pictures {
        needed.add(picture);
    }
    needed.stamps()
}

/// The packets that a growing set of pictures depends on.
pub(super) struct Needed<'a> {
    packets: &'a [Packet],
    keep: Vec<bool>,
}

impl<'a> Needed<'a> {
    /// No picture; only the parameter sets in the stream.
    pub fn of(index: &'a Index) -> Needed<'a> {
        let packets = &index.packets[..];
        let mut keep = vec![false; packets.len()];
        if index.in_band
            && let Some(first) = packets.iter().position(|p| p.role.entry)
        {
            keep[first] = true;
        }
        Needed { packets, keep }
    }

    /// Adds a picture and everything that it depends on.
    pub fn add(&mut self, picture: usize) {
        need(self.packets, picture, &mut self.keep);
    }

    /// Adds pictures if the whole set then has at most `most` packets.
    pub fn add_within(&mut self, pictures: &[usize], most: usize) -> bool {
        let before = self.keep.clone();
        pictures.iter().for_each(|&picture| self.add(picture));
        let fits = self.keep.iter().filter(|kept| **kept).count() <= most;
        if !fits {
            self.keep = before;
        }
        fits
    }

    pub fn stamps(&self) -> HashSet<i64> {
        let kept = self.packets.iter().zip(&self.keep);
        kept.filter(|(_, kept)| **kept)
            .map(|(packet, _)| packet.stamp_ns)
            .collect()
    }
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
