//! Thirty tracks heard against one clip, in sync: the audition engine and its clock.
//!
//! ```no_run
//! use std::ops::ControlFlow;
//! use std::sync::Arc;
//! use needledrop_player::{Audition, Cue, OutputChoice, Recording};
//! use tokio_util::sync::CancellationToken;
//! # struct Track;
//! # impl Recording for Track {
//! #     fn read(&self, _: (f64, f64), _: &CancellationToken,
//! #         _: &mut dyn FnMut(&[f32]) -> ControlFlow<()>) -> Result<(), String> { Ok(()) }
//! # }
//! # fn main() -> Result<(), needledrop_player::PlayerError> {
//! # let (dusk, dawn) = (Arc::new(Track), Arc::new(Track));
//! # let cue = |id: &str, recording: Arc<Track>| Cue {
//! #     id: id.into(), recording, start_s: 12.5, duration_s: 180.0, gain_db: -3.0 };
//! let audition = Audition::open(OutputChoice::Default, |event| println!("{event:?}"))?;
//! audition.load_clip(None, 60.0);
//! audition.offer(vec![cue("dusk", dusk), cue("dawn", dawn)]);
//! audition.select(Some("dusk"))?;
//! audition.play();
//! audition.select(Some("dawn"))?; // The playhead stays; heard within the latency.
//! println!("{:.3} s", audition.snapshot().position_s);
//! # Ok(()) }
//! ```
//!
//! Everything that is heard goes through one mixer, and the output's own clock tells where it is
//! ([`Snapshot`]); the picture follows that. `render` decides what is heard, `transport` where the
//! playhead goes, `plan` what is decoded first: all pure, tested without a device. `stock` decodes
//! ahead into `reel`s, `drive` and `keeper` bring the sound to an output and bridge its absence.
//!
//! Not here: files and formats (callers bring [`Recording`]s), and what is written to a file.

mod audition;
mod clock;
mod drive;
mod duck;
mod error;
mod event;
mod follow;
mod frames;
mod gain;
mod interpolate;
mod keeper;
mod limiter;
mod output;
mod plan;
mod pool;
mod priority;
mod recording;
mod reel;
mod render;
mod stock;
mod transport;
mod voice;

pub use audition::{Asked, Audition, BUDGET_BYTES};
pub use clock::Snapshot;
pub use error::PlayerError;
pub use event::Event;
pub use frames::RATE_HZ;
pub use gain::{MOST_MATCHING_DB, MOST_PEAK_DBTP, TARGET_LUFS, matching_gain_db};
pub use output::{Output, OutputChoice, outputs};
pub use recording::{Cue, Recording};
