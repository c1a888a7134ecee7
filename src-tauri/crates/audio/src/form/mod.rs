//! Form of a track: its changes, its parts, its ending, its repeats.
//!
//! Everything here is pure: curves, beats and features in, form out.

mod ending;
mod novelty;
mod parts;
mod repeats;
#[cfg(test)]
mod tests;
mod units;

pub use ending::ending;
pub use parts::{Part, climax_s, parts};
pub use repeats::loop_s;
pub use units::Units;
