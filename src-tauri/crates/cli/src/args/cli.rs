//! The command itself, with its global options and the list of its subcommands.

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use super::catalogs::{SearchArgs, SimilarArgs, TracksArgs};
use super::clips::{EmbedArgs, FramesArgs, LookArgs, MatchArgs};
use super::learning::{EvalCommand, ModelsCommand, TrainCommand};
use super::music::{AnalyzeArgs, IndexArgs};

/// Finds music in a catalog on this computer that fits a video clip.
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
    /// Print more messages on stderr (-v: information, -vv: everything)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands of `needledrop`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find the tracks that fit a clip
    Match(MatchArgs),
    /// Analyse a clip: cuts, motion, pulse, mood, speech
    Look(LookArgs),
    /// Write the frames that a match uses, as JPEG files of 384×384 pixels
    Frames(FramesArgs),
    /// Print the vector of a clip, a text or a music file
    Embed(EmbedArgs),
    /// Analyse a music file: tempo, beats, key, loudness, form, mood, tags
    Analyze(AnalyzeArgs),
    /// Build or update a catalog from music files
    Index(IndexArgs),
    /// List the tracks of a catalog
    Tracks(TracksArgs),
    /// Find tracks by a description
    Search(SearchArgs),
    /// Find tracks that sound like a track of the catalog
    Similar(SimilarArgs),
    /// Model packs: list, fetch, import, verify
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Train the projector from the visual space to the audio space
    #[command(subcommand)]
    Train(TrainCommand),
    /// Measure how well the projector maps pictures to music
    #[command(subcommand)]
    Eval(EvalCommand),
    /// Print completions for a shell
    Completions {
        /// Name of the shell
        shell: Shell,
    },
}
