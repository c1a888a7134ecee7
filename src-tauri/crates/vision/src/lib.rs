//! Analysis of a clip's pictures: frame vectors, the clip vector, its projection into the audio
//! space; cuts, motion, light and pulse.
//!
//! ```no_run
//! use needledrop_models::{Pack, runtime::SessionOptions};
//! use needledrop_vision::{ClipMean, Picture, Projector, informative, open_encoder};
//! # fn main() -> Result<(), needledrop_vision::VisionError> {
//! # let rgb = vec![0; 640 * 360 * 3];
//! let pack = Pack::open("models/embedded".as_ref())?;
//! let mut encoder = open_encoder(&pack, &SessionOptions::default())?;
//! let frame = Picture { width: 640, height: 360, rgb: &rgb };
//! let mut mean = ClipMean::new(encoder.dim());
//! for vector in encoder.encode(&[frame])? {
//!     mean.push(&vector, 1.0, informative(&frame))?;
//! }
//! let projector = Projector::load(&pack.file(&pack.manifest.projector.file)?)?;
//! let brief = projector.project(&mean.finish()?)?;
//! # Ok(()) }
//! ```
//!
//! Not here: decoding (`media`), text (`models`), search (`catalog`).

mod encoder;
mod error;
mod feature_space;
mod feeling;
mod feeling_space;
mod informative;
mod light;
mod mean;
mod motion;
mod picture;
mod picture_analysis;
mod picture_features;
mod preprocess;
mod projector;
mod pulse;
mod scene_space;
mod shots;

pub use encoder::{FrameEncoder, open_encoder};
pub use error::VisionError;
pub use feeling::{Feeling, feeling};
pub use feeling_space::FeelingSpace;
pub use informative::informative;
pub use light::Light;
pub use mean::ClipMean;
pub use motion::{DIRECTIONS, MotionAnalyzer, MotionSample, hits, impacts, within_shots};
pub use picture::{LONGEST_SIDE, Picture};
pub use picture_analysis::{PictureAnalysis, PictureAnalyzer};
pub use picture_features::{FEATURE_COUNT, FEATURE_NAMES, picture_features};
pub use preprocess::{Fit, Preprocess, fit};
pub use projector::Projector;
pub use pulse::pulse;
pub use shots::{DEFAULT_SENSITIVITY, ShotClue, ShotCurve, ShotDetector};
