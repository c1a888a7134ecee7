//! The `needledrop` command: arguments in, use cases of the engine, tables or JSON out.
//!
//! Nothing is decided here; see `needledrop-engine` for that.

mod args;
mod commands;
mod contact_sheet;
mod interrupt;
mod output;
mod printable;
mod progress;
mod table;
mod values;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use tracing_subscriber::filter::LevelFilter;

use crate::args::Cli;
use crate::output::{Failure, Output};

/// Exit code of an interrupted command, as shells give it: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

/// How a command ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All done.
    Done,
    /// The user stopped it.
    Cancelled,
    /// It was done, and what it looked at is not as it should be.
    Refused,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    log_to_stderr(cli.verbose);
    let output = Output::new(cli.json);
    let cancel = interrupt::token();
    match commands::run(cli.command, &output, &cancel) {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Cancelled) => ExitCode::from(INTERRUPTED),
        Ok(End::Refused) => ExitCode::from(4),
        Err(failure) => output.fail(&failure),
    }
}

/// Help and version go to stdout; a mistake goes where the caller looks for it.
fn usage(error: &clap::Error) -> ExitCode {
    let asked = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    let json = std::env::args_os()
        .skip(1)
        .take_while(|a| a != "--")
        .any(|a| a == "--json");
    if json && !asked {
        return Output::new(true).fail(&Failure::usage(error));
    }
    // Nothing is left to be told when even the terminal is gone.
    drop(error.print());
    ExitCode::from(if asked { 0 } else { 2 })
}

fn log_to_stderr(verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::ERROR,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_target(false)
        .without_time()
        .init();
}
