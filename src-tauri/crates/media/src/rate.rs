//! Timing of a clip's pictures, from its packets. Pure.

use crate::packets::{Index, Packet};
use needledrop_timebase::FrameRate;

/// Frame rate and distances of pictures.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Rate {
    /// Mean frame rate, if there are two pictures.
    pub mean: Option<FrameRate>,
    /// Whether the distances of frames vary.
    pub uneven: bool,
    /// Median distance of two pictures in ns; 0 if there are fewer than two.
    pub usual_ns: i64,
    /// Longest distance of two pictures, ns.
    pub longest_ns: i64,
}

pub(crate) fn rate(index: &Index) -> Rate {
    let mut starts: Vec<i64> = index
        .packets
        .iter()
        .filter(|p| p.shown)
        .map(|p| p.start_ns)
        .collect();
    starts.sort_unstable();
    // The read may end between a picture and those displayed before it.
    let whole = if index.ended {
        starts.len()
    } else {
        starts.len().saturating_sub(8)
    };
    let steps: Vec<i64> = starts[..whole].windows(2).map(|w| w[1] - w[0]).collect();
    if steps.is_empty() {
        return Rate::default();
    }
    let mut sorted = steps.clone();
    sorted.sort_unstable();
    let usual = sorted[sorted.len() / 2].max(1);
    // Containers round to 1 ms at worst.
    let uneven = steps
        .iter()
        .any(|s| (s - usual).abs() > usual / 4 + 2_000_000);
    let total: i64 = steps.iter().sum();
    let fps = steps.len() as f64 * 1e9 / (total.max(1) as f64);
    Rate {
        mean: FrameRate::nearest(fps).ok(),
        uneven,
        usual_ns: usual,
        longest_ns: steps.iter().copied().max().unwrap_or(usual),
    }
}

/// Longest distance in ns of pictures that decode alone, or to the end of the read part; `None`
/// without pictures.
pub(crate) fn key_gap_ns(index: &Index) -> Option<i64> {
    let shown = |p: &&Packet| p.shown;
    let end = index
        .packets
        .iter()
        .filter(shown)
        .map(|p| p.end_ns.unwrap_or(p.start_ns))
        .max()?;
    let entries = index.packets.iter().filter(shown).filter(|p| p.role.entry);
    let mut at: Vec<i64> = entries.map(|p| p.start_ns).chain([end]).collect();
    at.sort_unstable();
    at.windows(2).map(|pair| pair[1] - pair[0]).max()
}
