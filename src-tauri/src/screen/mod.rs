//! Documents as the window draws them. Field names are those of `ui/src/platform/generated.ts`, which is
//! made from these. Times are seconds of the clip unless they say otherwise.

mod clip;
mod list;
mod place;
mod sound;
mod timeline;

pub use clip::{Clip, Filters, Pick, Picture, RecentClip, TermWeights, Undone};
pub(crate) use list::count;
pub use list::{Ask, Row, Rows, Wish};
pub use place::{CacheUse, CatalogState, PackRow, Provider, Settings, Start};
pub use sound::{Clock, Device, Levels, Output};
pub use timeline::{Curve, Look, TrackSheet};
#[cfg(test)]
pub use {
    clip::Voices,
    list::{Alignment, Brief, Chip, Landing, Reasons, RowTimings},
    place::Theme,
    timeline::{CutMark, HitMark, Pulse},
};

/// A number with so many decimals: the window needs no more.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}
