//! Documents that only a session has. What the engine already describes (`match`, `look`, packs) is sent as the engine's
//! own document. Times are seconds of the clip unless the field says otherwise.
#![allow(
    missing_docs,
    reason = "fields are documented where their name leaves a question"
)]

mod app;
mod clip;
mod rows;
mod sound;
mod track;

pub use app::{CacheUse, CatalogState, Provider, Settings, Start, Theme};
pub use clip::{Clip, Opened, Pick, Picture, RecentClip, StartTimecode, UndoneStep};
pub use rows::{Brief, Filters, FoundRows, MatchRequest, Rows, TermWeights, Voices};
pub use sound::{Clock, Device, Levels, Output};
pub use track::{Curve, TrackTimeline};

/// A number with so many decimals.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

/// A count as JavaScript has numbers.
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A path as text for people.
pub fn display_path(path: &std::path::Path) -> String {
    path.to_string_lossy().into_owned()
}
