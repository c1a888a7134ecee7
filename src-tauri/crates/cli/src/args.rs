//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use needledrop_ranking::{Key, Weights};

use crate::values::{BpmRange, Interval, TagArg, bpm_range, interval, key, share, tag, weights};

/// Finds the music that fits a clip, in a catalog on this machine.
#[derive(Debug, Parser)]
#[command(
    name = "needledrop",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub struct Cli {
    /// Print one JSON document on stdout and nothing else
    #[arg(long, global = true)]
    pub json: bool,
    /// Say more on stderr about what is done (twice: everything)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// Everything that can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find the tracks that fit a clip
    Match(MatchArgs),
    /// Tell what is seen and heard in a clip: cuts, motion, pulse, mood, speech
    Look(LookArgs),
    /// Write the frames that a match looks at, as 384×384 JPEG
    Frames(FramesArgs),
    /// Print the vector of a clip, a text or a music file
    Embed(EmbedArgs),
    /// Tell what is heard in a music file: tempo, beats, key, loudness, form, mood, tags
    Analyze(AnalyzeArgs),
    /// Build or update a catalog from music files
    Index(IndexArgs),
    /// List the tracks of a catalog
    Tracks(TracksArgs),
    /// Find tracks by words
    Search(SearchArgs),
    /// Find tracks that sound like one of the catalog
    Similar(SimilarArgs),
    /// Model packs: list, fetch, import, verify
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Train the projector from the visual into the audio space
    #[command(subcommand)]
    Train(TrainCommand),
    /// Measure how well the projector does
    #[command(subcommand)]
    Eval(EvalCommand),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// Which catalog.
#[derive(Args, Debug)]
pub struct CatalogArg {
    /// Folder of the catalog [default: catalog-cache/starter of the checkout]
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
}

/// Which models.
#[derive(Args, Debug)]
pub struct PackArg {
    /// Model pack, by name or folder
    #[arg(long, value_name = "NAME", default_value = "embedded")]
    pub pack: String,
}

/// How frames are sampled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Sample {
    /// The frame at each sampling time
    Exact,
    /// The nearest cheap frame
    #[default]
    Fast,
}

/// `match`
#[derive(Args, Debug)]
pub struct MatchArgs {
    /// Video file
    pub clip: PathBuf,
    /// Part of the clip, such as 12-72, 0:12-1:12.5 or 01:02:03-01:03:03
    #[arg(long, value_name = "IN-OUT", value_parser = interval)]
    pub range: Option<Interval>,
    /// What the music should be, in words; "no drums" or "-drums" keeps drums away
    #[arg(long, value_name = "TEXT")]
    pub brief: Option<String>,
    /// How much the words count beside the picture, 0 to 1
    #[arg(long, value_name = "N", default_value_t = 0.5, value_parser = share)]
    pub words: f32,
    /// A track of the catalog to sound like, whose key the choice should follow (id, or part of its title)
    #[arg(long, value_name = "TRACK")]
    pub reference: Option<String>,
    /// Tempo wanted, such as 90-110
    #[arg(long, value_name = "A-B", value_parser = bpm_range)]
    pub bpm: Option<BpmRange>,
    /// Key wanted, such as F#m, Bb or 8A
    #[arg(long, value_name = "KEY", value_parser = key)]
    pub key: Option<Key>,
    /// Tag wanted; with a leading ! unwanted, with =N weighted; may be repeated
    #[arg(long = "tag", value_name = "TAG", value_parser = tag)]
    pub tags: Vec<TagArg>,
    #[command(flatten)]
    pub catalog: CatalogArg,
    #[command(flatten)]
    pub pack: PackArg,
    /// How frames are sampled
    #[arg(long, value_enum, default_value_t)]
    pub sample: Sample,
    /// Go by what the picture shows alone; do not watch and hear the whole clip
    #[arg(long)]
    pub quick: bool,
    /// How readily a change of the picture is called a cut, 0 to 1
    #[arg(long, value_name = "N", default_value_t = 0.5, value_parser = share)]
    pub sensitivity: f32,
    /// How many tracks
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub top: u16,
    /// Weights of visual, tempo, tags and key [default: 60,25,10,5]
    #[arg(long, value_name = "V,T,G,K", value_parser = weights)]
    pub weights: Option<Weights>,
}

/// `look`
#[derive(Args, Debug)]
pub struct LookArgs {
    /// Video file
    pub clip: PathBuf,
    /// Part of the clip
    #[arg(long, value_name = "IN-OUT", value_parser = interval)]
    pub range: Option<Interval>,
    /// How readily a change of the picture is called a cut, 0 to 1; the clip is not watched again
    #[arg(long, value_name = "N", default_value_t = 0.5, value_parser = share)]
    pub sensitivity: f32,
    /// Draw it all on one sheet, with the best track of the catalog under it, as PNG
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    #[command(flatten)]
    pub catalog: CatalogArg,
    #[command(flatten)]
    pub pack: PackArg,
}

/// `frames`
#[derive(Args, Debug)]
pub struct FramesArgs {
    /// Video file
    pub clip: PathBuf,
    /// Folder for the pictures; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Part of the clip
    #[arg(long, value_name = "IN-OUT", value_parser = interval)]
    pub range: Option<Interval>,
    /// How frames are sampled
    #[arg(long, value_enum, default_value_t)]
    pub sample: Sample,
}

/// `embed`
#[derive(Args, Debug)]
pub struct EmbedArgs {
    /// Video file
    #[arg(required_unless_present_any = ["text", "audio"], conflicts_with_all = ["text", "audio"])]
    pub clip: Option<PathBuf>,
    /// Words, into the audio space
    #[arg(long, value_name = "TEXT", conflicts_with = "audio")]
    pub text: Option<String>,
    /// Music file
    #[arg(long, value_name = "FILE")]
    pub audio: Option<PathBuf>,
    /// Part of the clip
    #[arg(long, value_name = "IN-OUT", value_parser = interval)]
    pub range: Option<Interval>,
    /// How frames are sampled
    #[arg(long, value_enum, default_value_t)]
    pub sample: Sample,
    #[command(flatten)]
    pub pack: PackArg,
}

/// `analyze`
#[derive(Args, Debug)]
pub struct AnalyzeArgs {
    /// Music file
    pub audio: PathBuf,
    /// Give the curves of energy, onsets and waveform too (with --json)
    #[arg(long)]
    pub curves: bool,
    /// Leave out tags, mood and voices: the models of a pack are not run
    #[arg(long)]
    pub no_embed: bool,
    #[command(flatten)]
    pub pack: PackArg,
}

/// `index`
#[derive(Args, Debug)]
pub struct IndexArgs {
    /// Folders of music, or single files
    #[arg(required = true, value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
    #[command(flatten)]
    pub catalog: CatalogArg,
    #[command(flatten)]
    pub pack: PackArg,
    /// Credits for all folders, beside the credits.toml that each may hold
    #[arg(long, value_name = "FILE")]
    pub credits: Option<PathBuf>,
    /// How many files are analysed at once [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Try files again that could not be analysed before
    #[arg(long)]
    pub retry: bool,
    /// Build the search graph at the end; without this option only for catalogs of 200,000 tracks and more, where it
    /// makes searches faster
    #[arg(long)]
    pub graph: bool,
    /// Then keep the catalog up to date with the folders until Ctrl-C; with --json one document a
    /// line for each time that something changed
    #[arg(long)]
    pub watch: bool,
}

/// `tracks`
#[derive(Args, Debug)]
pub struct TracksArgs {
    /// Words of title, artist or album
    #[arg(long, value_name = "TEXT")]
    pub find: Option<String>,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub catalog: CatalogArg,
    /// How many at most
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// What tracks must be.
#[derive(Args, Debug)]
pub struct FilterArgs {
    /// Tempo, such as 90-110
    #[arg(long, value_name = "A-B", value_parser = bpm_range)]
    pub bpm: Option<BpmRange>,
    /// Key, such as F#m, Bb or 8A
    #[arg(long, value_name = "KEY", value_parser = key)]
    pub key: Option<Key>,
    /// Tag; may be repeated, all must be there
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Licence, as it stands in the catalog
    #[arg(long, value_name = "LICENCE")]
    pub licence: Option<String>,
}

/// `search`
#[derive(Args, Debug)]
pub struct SearchArgs {
    /// What the music should be, in words
    #[arg(long, value_name = "TEXT")]
    pub text: String,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub catalog: CatalogArg,
    #[command(flatten)]
    pub pack: PackArg,
    /// How many tracks
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub top: u16,
}

/// `similar`
#[derive(Args, Debug)]
pub struct SimilarArgs {
    /// A track of the catalog: its id, or part of its title
    pub track: String,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub catalog: CatalogArg,
    /// How many tracks
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub top: u16,
}

/// `models …`
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// List the packs and which of their files are here
    List,
    /// Download the files that a pack lacks; resumes where it stopped
    Fetch {
        /// Pack, by name or folder
        pack: String,
        /// Base address to fetch from instead of the manifest's
        #[arg(long, value_name = "URL")]
        source: Option<String>,
    },
    /// Copy files into a pack, checking or recording their checksums
    Import {
        /// Pack, by name or folder
        pack: String,
        /// Files named as in the manifest, or folders that hold them
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Read every file of a pack and compare its checksum
    Verify {
        /// Pack, by name or folder; all packs where none is named
        pack: Option<String>,
    },
}

/// `train …`
#[derive(Debug, Subcommand)]
pub enum TrainCommand {
    /// Train on written scene → music pairs
    Bridge(TrainBridgeArgs),
    /// Fit the projector to pictures and the music that people chose for them
    Pairs(TrainPairsArgs),
}

/// `train pairs`
#[derive(Args, Debug)]
pub struct TrainPairsArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Folder with pairs.jsonl, pictures and music
    pub pairs: PathBuf,
    /// The projector to start from [default: the pack's]
    #[arg(long, value_name = "FILE")]
    pub projector: Option<PathBuf>,
    /// Where to write the fitted projector
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `train bridge`
#[derive(Args, Debug)]
pub struct TrainBridgeArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Written pairs: a file or a folder of *.jsonl [default: the project's own]
    #[arg(long, value_name = "PATH")]
    pub pairs: Option<PathBuf>,
    /// Where to write the projector [default: in the data folder]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Seed of everything random
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// `eval …`
#[derive(Debug, Subcommand)]
pub enum EvalCommand {
    /// Held-out written pairs: R@1/5/10 and median rank beside chance
    Bridge(EvalBridgeArgs),
    /// Pictures and music that people chose for them: where the chosen track lands among all
    Pairs(EvalPairsArgs),
}

/// `eval pairs`
#[derive(Args, Debug)]
pub struct EvalPairsArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Folder with pairs.jsonl, pictures and music
    pub pairs: PathBuf,
    /// The projector [default: the pack's]
    #[arg(long, value_name = "FILE")]
    pub projector: Option<PathBuf>,
}

/// `eval bridge`
#[derive(Args, Debug)]
pub struct EvalBridgeArgs {
    #[command(flatten)]
    pub pack: PackArg,
    /// Written pairs: a file or a folder of *.jsonl [default: the project's own]
    #[arg(long, value_name = "PATH")]
    pub pairs: Option<PathBuf>,
    /// The projector [default: the pack's]
    #[arg(long, value_name = "FILE")]
    pub projector: Option<PathBuf>,
}
