//! Training and evaluation of the projector, the map from the visual space into the audio space.
//!
//! There are two kinds of training data. *Written pairs* describe a scene and the music that fits it, both in words:
//! [`train_bridge`] embeds the two descriptions with a pack's text towers and trains the projector on the vectors, so
//! the first projector needs no footage. *Real pairs* are pictures with the tracks that people chose for them: they
//! correct the projector's linear part ([`train_pairs`], [`eval_pairs`]).
//!
//! ```no_run
//! use needledrop_models::Pack;
//! use needledrop_training::{TrainOptions, train_bridge};
//! use tokio_util::sync::CancellationToken;
//!
//! let pack = Pack::open("models/embedded".as_ref())?;
//! let report = train_bridge(
//!     &pack,
//!     "training/bridge".as_ref(),
//!     "projector.safetensors".as_ref(),
//!     &TrainOptions::default(),
//!     &mut |progress| eprintln!("{} {}/{}", progress.phase, progress.done, progress.total),
//!     &CancellationToken::new(),
//! )?;
//! println!("{}", report.map_or("cancelled".to_owned(), |r| r.to_markdown()));
//! # Ok::<(), needledrop_training::TrainingError>(())
//! ```
//!
//! Not here: pictures and sound. Frames and tracks are vectors when they reach this crate, and the projector that a
//! match runs is in `vision`. The perceptron is small enough for a hand-written gradient, so there is no training
//! framework.

mod adamw;
mod batches;
mod bridge;
mod error;
mod fit;
mod linear;
mod look;
mod loss;
mod network;
mod pairs;
mod pairs_report;
mod preferences;
mod progress;
mod random;
mod ranks;
mod report;
mod rows;
mod spaces;
mod weights;
pub mod yardstick;

pub use bridge::{Trained, eval_bridge, train_bridge, train_on};
pub use error::TrainingError;
pub use fit::TrainOptions;
pub use loss::Loss;
pub use network::Network;
pub use pairs::{Pair, PairRow, PairSet, Ridge};
pub use pairs_report::{GameScore, PairOptions, PairStep, PairsReport, eval_pairs, train_pairs};
pub use progress::Progress;
pub use ranks::{Interval, Scores};
pub use report::{BridgeReport, BridgeScores, ThemeScores, evaluate};
pub use rows::{BridgeRow, Look, RowMode, RowMood, read_rows};
pub use spaces::{Encoded, encode};
