//! wip
#![allow(dead_code)]
mod clock;
mod duck;
mod follow;
mod frames;
mod gain;
mod interpolate;
mod limiter;
mod pool;
mod recording;
mod reel;
mod render;
mod transport;
mod voice;
pub use clock::Snapshot;
pub use frames::RATE_HZ;
pub use gain::{TARGET_LUFS, matching_gain_db};
pub use recording::{Cue, Recording};
