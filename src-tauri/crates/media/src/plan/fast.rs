//! The choice of fast sampling: entries first, then a bounded number of other pictures where they
//! help most. Pure.

use super::display_order::DisplayOrder;
use crate::{packets::Packet, stream_time::nanoseconds};
use std::collections::BTreeMap;

/// Share of the packets that may be decoded besides the entries if these are at most [`DENSE_S`]
/// apart: enough for shots without an entry. In total an eighth of decoding everything.
const SPEND_LEAST: f64 = 1.0 / 100.0;
/// Added share for each further second between entries, because more times have no entry near.
const SPEND_MORE: f64 = 0.1;
/// Largest share besides the entries; in total half of decoding everything.
pub(super) const SPEND_MOST: f64 = 0.37;
/// With entries this close every time has one near, seconds.
const DENSE_S: f64 = 2.0;

/// The choice for each time: the nearest entry, then, within the budget, the pictures with the best
/// ratio of gain to decoding cost; `None` where `exact` is `None`.
pub(super) fn cheapest(
    packets: &[Packet],
    shown: &DisplayOrder,
    times_s: &[f64],
    exact: &[Option<usize>],
) -> Vec<Option<usize>> {
    // Number of non-droppable pictures up to each packet, entries not counted.
    let mut decoded = 0;
    let reached: Vec<usize> = packets
        .iter()
        .map(|p| {
            decoded += usize::from(!p.role.droppable && !p.role.entry);
            decoded
        })
        .collect();
    let mut wanted: BTreeMap<Option<usize>, Vec<Wanted>> = BTreeMap::new();
    let mut picked = Vec::with_capacity(times_s.len());
    for (at, (&time_s, exact)) in times_s.iter().zip(exact).enumerate() {
        let Some(exact) = *exact else {
            picked.push(None);
            continue;
        };
        let deep = shown.referred(packets, exact);
        let entry = packets[..=deep].iter().rposition(|p| p.role.entry);
        let (alone, loss) = shown.stand_in(packets, exact, nanoseconds(time_s));
        picked.push(Some(alone));
        if loss > 0 {
            wanted
                .entry(entry)
                .or_default()
                .push(Wanted { at, deep, loss });
        }
    }
    let mut groups: Vec<Group> = wanted
        .into_iter()
        .map(|(entry, times)| Group::new(entry.map_or(0, |e| reached[e]), times, &reached))
        .collect();
    let mut budget = (packets.len() as f64 * spend(packets)) as usize;
    while let Some((group, step)) = best_step(&groups, budget) {
        budget -= groups[group].cost(step);
        for wanted in groups[group].take(step) {
            picked[wanted.at] = Some(wanted.deep);
        }
    }
    picked
}

/// Share of the packets that may be decoded besides the entries.
fn spend(packets: &[Packet]) -> f64 {
    let entries = packets.iter().filter(|p| p.role.entry).count().max(1);
    let starts = || packets.iter().map(|p| p.start_ns);
    let span_ns = starts().max().unwrap_or(0) - starts().min().unwrap_or(0);
    let apart_s = span_ns as f64 / 1e9 / entries as f64;
    (SPEND_MORE * (apart_s - DENSE_S)).clamp(SPEND_LEAST, SPEND_MOST)
}

/// A time whose stand-in is poor.
struct Wanted {
    at: usize,
    /// The picture that would serve it.
    deep: usize,
    /// Penalty of the stand-in, ns.
    loss: i64,
}

/// Such times between two entries, sorted by decoding cost.
struct Group {
    /// Pictures to decode for each time, those before included; `spent` of them are decoded
    /// already.
    times: Vec<(usize, Wanted)>,
    spent: usize,
}

impl Group {
    fn new(start: usize, times: Vec<Wanted>, reached: &[usize]) -> Group {
        let far = |w: &Wanted| reached[w.deep].saturating_sub(start).max(1);
        let mut times: Vec<(usize, Wanted)> = times.into_iter().map(|w| (far(&w), w)).collect();
        times.sort_by_key(|(far, wanted)| (*far, wanted.at));
        Group { times, spent: 0 }
    }

    /// Cost of decoding up to the `step`th time.
    fn cost(&self, step: usize) -> usize {
        self.times[step].0 - self.spent.min(self.times[step].0)
    }

    /// The times that decoding up to the `step`th serves.
    fn take(&mut self, step: usize) -> Vec<Wanted> {
        self.spent = self.times[step].0;
        self.times
            .drain(..=step)
            .map(|(_, wanted)| wanted)
            .collect()
    }
}

/// The group, and how far into its times, with the best ratio of gain to cost within `budget`.
fn best_step(groups: &[Group], budget: usize) -> Option<(usize, usize)> {
    let mut best: Option<(f64, (usize, usize))> = None;
    for (at, group) in groups.iter().enumerate() {
        let mut gain = 0;
        for (step, (_, wanted)) in group.times.iter().enumerate() {
            gain += wanted.loss;
            let cost = group.cost(step);
            if cost > budget {
                break;
            }
            let worth = gain as f64 / cost.max(1) as f64;
            if best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, (at, step)));
            }
        }
    }
    best.map(|(_, step)| step)
}
