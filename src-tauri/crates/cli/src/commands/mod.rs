//! One file a command: arguments to a request, the use case, the answer as table or JSON.

mod analyze;
mod embed;
mod eval;
mod frames;
mod index;
mod look;
mod matching;
mod models;
mod search;
mod similar;
mod tracks;
mod train;

use std::io;
use std::path::PathBuf;

use clap::CommandFactory;
use needledrop_engine::job::{Job, Outcome, Progress};
use needledrop_engine::library::tracks as catalog_tracks;
use needledrop_engine::{EngineError, Filter, KeyFilter, Places, Sampling};
use tokio_util::sync::CancellationToken;

use crate::End;
use crate::args::{CatalogArg, Cli, Command, FilterArgs, Sample};
use crate::output::{Failure, Output};
use crate::progress::Shown;

/// Runs a command.
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

/// What every command needs.
pub(crate) struct Context {
    pub(crate) places: Places,
    pub(crate) output: Output,
    cancel: CancellationToken,
}

impl Context {
    /// Runs a job, showing its progress on stderr.
    pub(crate) fn job<T>(
        &self,
        work: impl FnOnce(&Job<'_>) -> Result<Outcome<T>, EngineError>,
    ) -> Result<Outcome<T>, Failure> {
        self.job_that_prints(|job, _| work(job))
    }

    /// The same for a job that prints while it runs, with the progress out of its way.
    pub(crate) fn job_that_prints<T>(
        &self,
        work: impl FnOnce(&Job<'_>, &Shown) -> Result<Outcome<T>, EngineError>,
    ) -> Result<Outcome<T>, Failure> {
        let shown = Shown::new();
        let sink = |progress: Progress| shown.show(&progress);
        let outcome = work(&Job::new(self.cancel.clone(), &sink), &shown);
        shown.finish();
        Ok(outcome?)
    }

    /// Runs a job and prints its answer, or that it was stopped.
    pub(crate) fn answer<T: serde::Serialize>(
        &self,
        work: impl FnOnce(&Job<'_>) -> Result<Outcome<T>, EngineError>,
        human: impl FnOnce(&mut dyn io::Write, &T) -> io::Result<()>,
    ) -> Result<End, Failure> {
        let Outcome::Completed(document) = self.job(work)? else {
            return self.cancelled();
        };
        self.output.print(&document, |out| human(out, &document))?;
        Ok(End::Done)
    }

    /// The catalog named, or the default one.
    pub(crate) fn catalog(&self, arg: &CatalogArg) -> PathBuf {
        arg.catalog
            .clone()
            .unwrap_or_else(|| self.places.default_catalog.clone())
    }

    /// Says that the work was stopped.
    pub(crate) fn cancelled(&self) -> Result<End, Failure> {
        #[derive(serde::Serialize)]
        struct Document {
            outcome: &'static str,
        }
        self.output.print(
            &Document {
                outcome: "cancelled",
            },
            |_| Ok(()),
        )?;
        Ok(End::Cancelled)
    }
}

impl From<Sample> for Sampling {
    fn from(sample: Sample) -> Self {
        match sample {
            Sample::Exact => Sampling::Exact,
            Sample::Fast => Sampling::Fast,
        }
    }
}

/// The tracks that filter options let through.
pub(crate) fn filter(args: &FilterArgs) -> Filter {
    Filter {
        bpm: args.bpm.map(|range| (range.0, range.1)),
        key: args.key.map(|key| KeyFilter {
            key,
            max_distance: 0,
        }),
        tags: args
            .tags
            .iter()
            .map(|tag| catalog_tracks::tag(tag))
            .collect(),
        licences: args.licence.iter().cloned().collect(),
        ..Filter::default()
    }
}
