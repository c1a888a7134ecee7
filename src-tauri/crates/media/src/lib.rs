//! Reading a clip: its properties, frames and sound; proxies of it.
//!
//! The main call is [`frame_strip`]:
//!
//! ```no_run
//! use needledrop_media::{FrameSize, Sampling, StripRequest, frame_strip};
//! use std::{ops::ControlFlow, path::Path};
//! use tokio_util::sync::CancellationToken;
//!
//! # fn main() -> Result<(), needledrop_media::MediaError> {
//! let request = StripRequest {
//!     range_s: Some((10.0, 70.0)),
//!     sampling: Sampling::Fast,
//!     size: FrameSize::ShortSide(297),
//!     most: needledrop_media::MAX_FRAMES,
//! };
//! let report = frame_strip(
//!     Path::new("clip.mp4"),
//!     &request,
//!     &CancellationToken::new(),
//!     &mut |frame| {
//!         println!("{:.2} s stands for {:?}", frame.time_s, frame.times_s);
//!         ControlFlow::Continue(())
//!     },
//! )?;
//! assert!(report.sampled <= 60);
//! # Ok(())
//! # }
//! ```
//!
//! A clip is read twice. The first pass lists the coded packets of the range without decoding: when
//! each picture is shown, which ones decode alone, which ones no other refers to. From this list
//! the pictures are chosen. The second pass decodes only the packets that they depend on. Only
//! chosen pictures are scaled and converted.
//!
//! Not here: embedding, cut detection, playback. All times are stream times, so edit lists are
//! honoured. Pictures are upright and have square pixels. HDR is converted without tone mapping.

#[warn(clippy::indexing_slicing)] // It reads foreign bytes.
mod bitstream;
mod caps;
#[warn(clippy::indexing_slicing)] // It reads foreign bytes.
mod clock;
mod codec_names;
mod coding;
mod colour;
mod colours;
mod convert;
#[warn(clippy::indexing_slicing)]
mod decode;
mod decoders;
mod demux;
mod dense;
mod error;
#[warn(clippy::indexing_slicing)] // It reads foreign bytes.
mod fields;
mod frame;
#[doc(hidden)]
pub mod fuzzing;
mod geometry;
#[warn(clippy::indexing_slicing)] // It reads foreign bytes.
mod gif;
mod gif_times;
mod info;
mod jpeg;
mod length;
mod limit;
mod monitor;
#[warn(clippy::indexing_slicing)] // It reads foreign bytes.
mod mp4;
mod notes;
mod packets;
mod picture_file;
mod pipeline;
mod plan;
mod playable;
mod proxy;
mod range_plan;
mod rate;
mod readable;
mod remembered;
mod rest;
mod sampling;
mod sound;
mod source;
mod startup;
mod stills;
mod stream_time;
mod streams;
mod strip;
mod syntax;
#[warn(clippy::indexing_slicing)] // It reads foreign bytes.
mod timecode;
mod whole_file;

pub use dense::{DensePass, dense};
pub use error::MediaError;
pub use frame::{Frame, FrameSize};
pub use info::{ClipInfo, probe};
pub use jpeg::{STRIP_QUALITY, STRIP_SIDE, jpeg, write_strip};
pub use notes::ClipNote;
pub use playable::{Playable, ProxyReason, playable};
pub use proxy::{ProxyEncoder, ProxyReport, ProxyRequest, proxy};
pub use range_plan::StripReport;
pub use sampling::{MAX_FRAMES, Sampling};
pub use sound::{SOUND_CHANNELS, SOUND_RATE_HZ, SoundReport, sound};
pub use startup::init;
pub use stills::{MOST_STILLS, StillsReport, StillsRequest, stills};
pub use strip::{StripRequest, frame_strip};
pub use timecode::{Recorded, recorded};
