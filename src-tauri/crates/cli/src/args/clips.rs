//! Arguments of the commands on clips.

use std::path::PathBuf;

use clap::Args;
use needledrop_ranking::{Key, Weights};

use super::shared::{CatalogArg, PackArg, Sample};
use crate::values::{BpmRange, Interval, TagArg, bpm_range, interval, key, share, tag, weights};

/// Arguments of `needledrop match`.
#[derive(Args, Debug)]
pub struct MatchArgs {
    /// Video file
    pub clip: PathBuf,
    /// Part of the clip, such as 12-72, 0:12-1:12.5 or 01:02:03-01:03:03
    #[arg(long, value_name = "IN-OUT", value_parser = interval)]
    pub range: Option<Interval>,
    /// Description of the music in words; "no drums" or "-drums" means without drums
    #[arg(long, value_name = "TEXT")]
    pub brief: Option<String>,
    /// Weight of the words against the picture, 0 (picture only) to 1 (words only)
    #[arg(long, value_name = "N", default_value_t = 0.5, value_parser = share)]
    pub words: f32,
    /// Find tracks that sound like this track of the catalog and suit its key (id, or part of its title)
    #[arg(long, value_name = "TRACK")]
    pub reference: Option<String>,
    /// Wanted tempo, such as 90-110
    #[arg(long, value_name = "A-B", value_parser = bpm_range)]
    pub bpm: Option<BpmRange>,
    /// Wanted key, such as F#m, Bb or 8A
    #[arg(long, value_name = "KEY", value_parser = key)]
    pub key: Option<Key>,
    /// Wanted tag; !TAG for an unwanted one, TAG=N for a weight; can be repeated
    #[arg(long = "tag", value_name = "TAG", value_parser = tag)]
    pub tags: Vec<TagArg>,
    #[command(flatten)]
    pub catalog: CatalogArg,
    #[command(flatten)]
    pub pack: PackArg,
    /// How frames are chosen
    #[arg(long, value_enum, default_value_t)]
    pub sample: Sample,
    /// Use the content of the picture only; do not analyse motion and sound
    #[arg(long)]
    pub quick: bool,
    /// Cut sensitivity, 0 (clear cuts only) to 1
    #[arg(long, value_name = "N", default_value_t = 0.5, value_parser = share)]
    pub sensitivity: f32,
    /// Number of tracks
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub top: u16,
    /// Weights of visual, tempo, tags and key [default: 60,25,10,5]
    #[arg(long, value_name = "V,T,G,K", value_parser = weights)]
    pub weights: Option<Weights>,
}

/// Arguments of `needledrop look`.
#[derive(Args, Debug)]
pub struct LookArgs {
    /// Video file
    pub clip: PathBuf,
    /// Part of the clip, such as 12-72, 0:12-1:12.5 or 01:02:03-01:03:03
    #[arg(long, value_name = "IN-OUT", value_parser = interval)]
    pub range: Option<Interval>,
    /// Cut sensitivity, 0 (clear cuts only) to 1; a changed value needs no new analysis
    #[arg(long, value_name = "N", default_value_t = 0.5, value_parser = share)]
    pub sensitivity: f32,
    /// Draw the clip, with the best track of the catalog below it, into a PNG file
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    #[command(flatten)]
    pub catalog: CatalogArg,
    #[command(flatten)]
    pub pack: PackArg,
}

/// Arguments of `needledrop frames`.
#[derive(Args, Debug)]
pub struct FramesArgs {
    /// Video file
    pub clip: PathBuf,
    /// Folder for the JPEG files; made if it does not exist
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Part of the clip, such as 12-72, 0:12-1:12.5 or 01:02:03-01:03:03
    #[arg(long, value_name = "IN-OUT", value_parser = interval)]
    pub range: Option<Interval>,
    /// How frames are chosen
    #[arg(long, value_enum, default_value_t)]
    pub sample: Sample,
}

/// Arguments of `needledrop embed`.
#[derive(Args, Debug)]
pub struct EmbedArgs {
    /// Video file
    #[arg(required_unless_present_any = ["text", "audio"], conflicts_with_all = ["text", "audio"])]
    pub clip: Option<PathBuf>,
    /// Description of music; its vector is in the audio space
    #[arg(long, value_name = "TEXT", conflicts_with = "audio")]
    pub text: Option<String>,
    /// Music file
    #[arg(long, value_name = "FILE")]
    pub audio: Option<PathBuf>,
    /// Part of the clip, such as 12-72, 0:12-1:12.5 or 01:02:03-01:03:03
    #[arg(long, value_name = "IN-OUT", value_parser = interval)]
    pub range: Option<Interval>,
    /// How frames are chosen
    #[arg(long, value_enum, default_value_t)]
    pub sample: Sample,
    #[command(flatten)]
    pub pack: PackArg,
}
