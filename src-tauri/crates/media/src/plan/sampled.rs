//! The route for sampling times one second apart. Pure.

use super::{
    display_order::reliable,
    fast,
    needed::stamps,
    route::{Route, Target},
};
use crate::{packets::Index, sampling::Sampling, stream_time::nanoseconds};
use std::collections::BTreeMap;

/// A strip of at most this many frames is sampled exactly: it costs little, and one wrong frame
/// would be a tenth of it.
const FEW_FRAMES: usize = 10;

/// Chooses a picture for each of `times_s`; times after the end of the video are left out.
pub(crate) fn route(index: &Index, times_s: &[f64], sampling: Sampling) -> Route {
    let Some(shown) = reliable(index) else {
        return Route::Straight;
    };
    let packets = &index.packets;
    let mut chosen: BTreeMap<i64, (usize, Vec<f64>)> = BTreeMap::new();
    let exact: Vec<Option<usize>> = times_s
        .iter()
        .map(|&t| shown.at(packets, nanoseconds(t), index.ended))
        .collect();
    let picked = match sampling {
        Sampling::Fast if times_s.len() > FEW_FRAMES => {
            fast::cheapest(packets, &shown, times_s, &exact)
        }
        _ => exact,
    };
    for (&time_s, picked) in times_s.iter().zip(picked) {
        let Some(picked) = picked else {
            continue;
        };
        let start = packets[picked].start_ns;
        chosen
            .entry(start)
            .or_insert((picked, Vec::new()))
            .1
            .push(time_s);
    }
    Route::Chosen {
        stamps: stamps(index, chosen.values().map(|(picked, _)| *picked)),
        targets: chosen
            .into_iter()
            .map(|(start_ns, (_, times_s))| Target { start_ns, times_s })
            .collect(),
    }
}
