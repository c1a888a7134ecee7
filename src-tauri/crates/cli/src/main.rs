//! The `needledrop` command: reads arguments, calls a use case of the engine, prints a table or JSON.
//!
//! All decisions are in `needledrop-engine`.

mod args;
mod commands;
mod contact_sheet;
mod end;
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

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    log_to_stderr(cli.verbose);
    let output = Output::new(cli.json);
    let cancel = interrupt::token();
    match commands::run(cli.command, &output, &cancel) {
        Ok(end) => end.into(),
        Err(failure) => output.fail(&failure),
    }
}

/// Prints help and version on stdout, and a mistake on stderr or, with `--json`, as a document.
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
    // Without a terminal there is nobody to print for.
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
