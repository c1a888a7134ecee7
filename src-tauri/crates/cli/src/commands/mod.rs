//! The commands, one file each: arguments to a request, the use case, the answer as table or JSON.

mod analyze;
mod context;
mod embed;
mod eval;
mod filter;
mod frames;
mod index;
mod look;
mod matching;
mod models;
mod search;
mod similar;
mod tracks;
mod train;

use clap::CommandFactory;
use needledrop_engine::Places;
use tokio_util::sync::CancellationToken;

use self::context::Context;
use crate::args::{Cli, Command};
use crate::end::End;
use crate::output::{Failure, Output};

/// Runs a command, from its arguments to its printed answer.
pub(crate) fn run(
    command: Command,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<End, Failure> {
    if let Command::Completions { shell } = command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "needledrop", &mut script);
        let text = String::from_utf8_lossy(&script);
        output.print(&text, |out| out.write_all(text.as_bytes()))?;
        return Ok(End::Done);
    }
    let places = Places::find()?;
    let context = Context {
        places,
        output: *output,
        cancel: cancel.clone(),
    };
    match command {
        Command::Match(args) => matching::run(&context, args),
        Command::Look(args) => look::run(&context, args),
        Command::Frames(args) => frames::run(&context, &args),
        Command::Embed(args) => embed::run(&context, &args),
        Command::Analyze(args) => analyze::run(&context, args),
        Command::Index(args) => index::run(&context, args),
        Command::Tracks(args) => tracks::run(&context, &args),
        Command::Search(args) => search::run(&context, &args),
        Command::Similar(args) => similar::run(&context, &args),
        Command::Models(command) => models::run(&context, command),
        Command::Train(command) => train::run(&context, command),
        Command::Eval(command) => eval::run(&context, command),
        Command::Completions { .. } => Ok(End::Done),
    }
}
