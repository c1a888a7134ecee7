//! Arguments of the commands on catalogs.

use clap::Args;
use needledrop_ranking::Key;

use super::shared::{CatalogArg, PackArg};
use crate::values::{BpmRange, bpm_range, key};

/// Arguments of `needledrop tracks`.
#[derive(Args, Debug)]
pub struct TracksArgs {
    /// Words in title, artist or album
    #[arg(long, value_name = "TEXT")]
    pub find: Option<String>,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub catalog: CatalogArg,
    /// Largest number of tracks
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// Conditions that every listed track satisfies.
#[derive(Args, Debug)]
pub struct FilterArgs {
    /// Tempo, such as 90-110
    #[arg(long, value_name = "A-B", value_parser = bpm_range)]
    pub bpm: Option<BpmRange>,
    /// Key, such as F#m, Bb or 8A
    #[arg(long, value_name = "KEY", value_parser = key)]
    pub key: Option<Key>,
    /// Tag; can be repeated, and a track must have all of them
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Licence, as the catalog names it
    #[arg(long, value_name = "LICENCE")]
    pub licence: Option<String>,
}

/// Arguments of `needledrop search`.
#[derive(Args, Debug)]
pub struct SearchArgs {
    /// Description of the music in words
    #[arg(long, value_name = "TEXT")]
    pub text: String,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub catalog: CatalogArg,
    #[command(flatten)]
    pub pack: PackArg,
    /// Number of tracks
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub top: u16,
}

/// Arguments of `needledrop similar`.
#[derive(Args, Debug)]
pub struct SimilarArgs {
    /// A track of the catalog: its id, or part of its title
    pub track: String,
    #[command(flatten)]
    pub filter: FilterArgs,
    #[command(flatten)]
    pub catalog: CatalogArg,
    /// Number of tracks
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub top: u16,
}
