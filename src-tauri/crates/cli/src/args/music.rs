//! Arguments of the commands on music files.

use std::path::PathBuf;

use clap::Args;

use super::shared::{CatalogArg, PackArg};

/// Arguments of `needledrop analyze`.
#[derive(Args, Debug)]
pub struct AnalyzeArgs {
    /// Music file
    pub audio: PathBuf,
    /// Add the curves of energy, onsets and waveform (with --json)
    #[arg(long)]
    pub curves: bool,
    /// Do not run the pack's models, which find tags, mood and voices
    #[arg(long)]
    pub no_embed: bool,
    #[command(flatten)]
    pub pack: PackArg,
}

/// Arguments of `needledrop index`.
#[derive(Args, Debug)]
pub struct IndexArgs {
    /// Folders of music, or single files
    #[arg(required = true, value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
    #[command(flatten)]
    pub catalog: CatalogArg,
    #[command(flatten)]
    pub pack: PackArg,
    /// Credits for all folders, in addition to the credits.toml of each folder
    #[arg(long, value_name = "FILE")]
    pub credits: Option<PathBuf>,
    /// Number of files to analyse at once [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Analyse files again that could not be analysed before
    #[arg(long)]
    pub retry: bool,
    /// Group the tracks into cells of similar sound, so that searches are faster [default: only for catalogs of 200,000
    /// tracks or more]
    #[arg(long, visible_alias = "graph")]
    pub cells: bool,
    /// Then keep the catalog up to date with the folders until Ctrl-C; with --json, each change prints one
    /// document on one line
    #[arg(long)]
    pub watch: bool,
}
