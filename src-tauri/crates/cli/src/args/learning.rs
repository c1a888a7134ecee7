//! Arguments of the commands on model packs and their projectors.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::shared::PackArg;

/// Subcommands of `needledrop models`.
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// List the packs and their missing files
    List,
    /// Download the missing files of a pack; a stopped download is resumed
    Fetch {
        /// Pack, by name or folder
        pack: String,
        /// Base address to fetch from instead of the manifest's
        #[arg(long, value_name = "URL")]
        source: Option<String>,
    },
    /// Copy files into a pack, and check or record their checksums
    Import {
        /// Pack, by name or folder
        pack: String,
        /// Files named as in the manifest, or folders with such files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Compare every file of a pack with its checksum
    Verify {
        /// Pack, by name or folder [default: all packs]
        pack: Option<String>,
    },
}

/// Subcommands of `needledrop train`.
#[derive(Debug, Subcommand)]
pub enum TrainCommand {
    /// Train on written scene → music pairs
    Bridge(TrainBridgeArgs),
    /// Fit the projector to pictures and the music that people chose for them
    Pairs(TrainPairsArgs),
}

/// Arguments of `needledrop train pairs`.
#[derive(Args, Debug)]
pub struct TrainPairsArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Folder with pairs.jsonl, pictures and music
    pub pairs: PathBuf,
    /// File of the projector to start from [default: the pack's]
    #[arg(long, value_name = "FILE")]
    pub projector: Option<PathBuf>,
    /// File for the fitted projector
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `needledrop train bridge`.
#[derive(Args, Debug)]
pub struct TrainBridgeArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Written pairs: a *.jsonl file or a folder of them [default: the project's own]
    #[arg(long, value_name = "PATH")]
    pub pairs: Option<PathBuf>,
    /// File for the projector [default: in the data folder]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Seed of all random numbers
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Subcommands of `needledrop eval`.
#[derive(Debug, Subcommand)]
pub enum EvalCommand {
    /// Held-out written pairs: R@1/5/10 and median rank, compared with chance
    Bridge(EvalBridgeArgs),
    /// Pictures and the music that people chose for them: ranks of the chosen tracks among all
    Pairs(EvalPairsArgs),
}

/// Arguments of `needledrop eval pairs`.
#[derive(Args, Debug)]
pub struct EvalPairsArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Folder with pairs.jsonl, pictures and music
    pub pairs: PathBuf,
    /// File of the projector [default: the pack's]
    #[arg(long, value_name = "FILE")]
    pub projector: Option<PathBuf>,
}

/// Arguments of `needledrop eval bridge`.
#[derive(Args, Debug)]
pub struct EvalBridgeArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Written pairs: a *.jsonl file or a folder of them [default: the project's own]
    #[arg(long, value_name = "PATH")]
    pub pairs: Option<PathBuf>,
    /// File of the projector [default: the pack's]
    #[arg(long, value_name = "FILE")]
    pub projector: Option<PathBuf>,
}
