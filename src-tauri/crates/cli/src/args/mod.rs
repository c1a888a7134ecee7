//! The command line: one file per kind of command.

mod catalogs;
mod cli;
mod clips;
mod learning;
mod music;
mod shared;

pub use catalogs::{FilterArgs, SearchArgs, SimilarArgs, TracksArgs};
pub use cli::{Cli, Command};
pub use clips::{EmbedArgs, FramesArgs, LookArgs, MatchArgs};
pub use learning::{
    EvalBridgeArgs, EvalCheckArgs, EvalCommand, EvalPairsArgs, EvalPicturesArgs, EvalReportArgs,
    EvalWordsArgs, LockedArgs, ModelsCommand, PartArg, TrainBridgeArgs, TrainCommand,
    TrainPairsArgs,
};
pub use music::{AnalyzeArgs, IndexArgs};
pub use shared::CatalogArg;
