//! Arguments of the commands on model packs and their projectors.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    /// Labelled pictures and clips: ranks of their own briefs among all, arousal and valence
    Pictures(EvalPicturesArgs),
    /// Briefs and tracks with known facts: what the ten best tracks meet of what is asked
    Words(EvalWordsArgs),
    /// All three yardsticks with one pack, in one Markdown file
    Report(EvalReportArgs),
    /// Look for locked material among development items and trained weights; exit code 4 where there is some
    Check(EvalCheckArgs),
}

/// Arguments of `needledrop eval report`.
#[derive(Args, Debug)]
pub struct EvalReportArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Folder with pictures.jsonl, music/tracks.jsonl and choices/pairs.jsonl, or with those that there are
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Markdown file to write
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Train the pack's bridge on written pairs first, and use it
    #[arg(long)]
    pub train: bool,
    /// Written pairs to train on: a *.jsonl file or a folder of them [default: the project's own]
    #[arg(long, value_name = "PATH", requires = "train")]
    pub pairs: Option<PathBuf>,
    #[command(flatten)]
    pub locked: LockedArgs,
}

/// Arguments of `needledrop eval check`.
#[derive(Args, Debug)]
pub struct EvalCheckArgs {
    /// Folder with the rows and files of the yardsticks
    pub yardsticks: PathBuf,
    /// Trained weights (safetensors) whose sources are checked
    #[arg(long, alias = "manifest", value_name = "FILE", num_args = 1..)]
    pub trained: Vec<PathBuf>,
    /// List of locked contents [default: training/yardsticks/locked.sha256 of the checkout]
    #[arg(long, value_name = "FILE")]
    pub locked_contents: Option<PathBuf>,
}

/// Arguments of `needledrop eval words`.
#[derive(Args, Debug)]
pub struct EvalWordsArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Folder with tracks.jsonl, briefs.jsonl and the music
    pub words: PathBuf,
    #[command(flatten)]
    pub locked: LockedArgs,
}

/// The part of a yardstick: the development part, or with a ledger the locked one.
#[derive(Args, Debug)]
pub struct LockedArgs {
    /// Read the locked part; the reading is counted and recorded
    #[arg(long, requires = "uses")]
    pub locked: bool,
    /// File that records the readings of locked parts
    #[arg(long, value_name = "FILE")]
    pub uses: Option<PathBuf>,
}

/// Arguments of `needledrop eval pictures`.
#[derive(Args, Debug)]
pub struct EvalPicturesArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Folder with pictures.jsonl and the files that it names
    pub pictures: PathBuf,
    /// File of the projector [default: the pack's]
    #[arg(long, value_name = "FILE")]
    pub projector: Option<PathBuf>,
    #[command(flatten)]
    pub locked: LockedArgs,
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
    /// Part to read; `locked` and `all` need --uses, and may be read three times
    #[arg(long, value_name = "PART", default_value = "development", conflicts_with = "locked",
          requires_ifs = [("locked", "uses"), ("all", "uses")])]
    pub part: PartArg,
    #[command(flatten)]
    pub locked: LockedArgs,
}

/// A part of a yardstick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PartArg {
    /// For fitting and choosing
    Development,
    /// For counted readings
    Locked,
    /// Both together
    All,
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
