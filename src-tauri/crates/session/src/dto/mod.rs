//! Documents of a session for its shells. Matches, clip reports and packs are the engine's own documents. Times are seconds of the clip unless the field says otherwise.
#![allow(
    missing_docs,
    reason = "fields are documented where their name leaves a question"
)]

mod app;
mod clip;
mod indexed;
mod rows;
mod sound;
mod track;
mod values;

pub use app::{CacheUse, CatalogState, Provider, Settings, Start, Theme};
pub use clip::{Clip, Opened, Pick, Picture, RecentClip, StartTimecode, UndoneStep};
pub use indexed::{IndexFailure, Indexed, LeftAlone};
pub use rows::{Brief, Filters, FoundRows, MatchRequest, Rows, TermWeights, Voices};
pub use sound::{Clock, Device, Levels, Output};
pub use track::{Curve, TrackTimeline};
pub use values::display_path;
pub(crate) use values::{count, rounded};
