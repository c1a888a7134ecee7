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
//! audition.select(Some("dawn"))?; // The playhead keeps its place; heard after the latency.
//! println!("{:.3} s", audition.snapshot().position_s);
//! # Ok(()) }
//! ```
//!
//! All sound goes through one mixer. The clock of the output device says which place in the clip is heard
//! ([`Snapshot`]); the picture follows it.
//!
//! - `render` mixes the voices of two `lane`s, `transport` moves the playhead, `plan` orders what is
//!   decoded: pure, tested without a device.
//! - `decode_cache` decodes ahead into `track_buffer`s, whose memory comes from one `chunk_pool`.
//! - `render_clock` renders for the open device or, without one, by the computer's clock;
//!   `output_supervisor` and `device_finder` open devices and handle their loss.
//!
//! Not here: files and formats (callers bring [`Recording`]s), and writing sound to files.

mod audition;
mod chunk_pool;
mod clock;
mod decode_cache;
mod delay_locked_loop;
mod device_feed;
mod device_finder;
mod duck;
mod error;
mod event;
mod frames;
mod gain;
mod interpolate;
mod lane;
mod limiter;
mod output;
mod output_message;
mod output_supervisor;
mod plan;
mod priority;
mod recording;
mod render;
mod render_clock;
mod snapshot;
mod track_buffer;
mod transport;
mod voice;

pub use audition::{Asked, Audition, BUDGET_BYTES};
pub use error::PlayerError;
pub use event::Event;
pub use frames::RATE_HZ;
pub use gain::{MAX_MATCHING_GAIN_DB, MAX_TRUE_PEAK_DBTP, TARGET_LUFS, matching_gain_db};
pub use output::{Output, OutputChoice, outputs};
pub use recording::{Cue, Recording};
pub use snapshot::Snapshot;
