//! Folders, output and cancellation for all commands, and the running of jobs.

use std::io;
use std::path::PathBuf;

use needledrop_engine::job::{Job, Outcome, Progress};
use needledrop_engine::{EngineError, Places};
use tokio_util::sync::CancellationToken;

use crate::args::CatalogArg;
use crate::end::End;
use crate::output::{Failure, Output};
use crate::progress::Shown;

/// Folders, output and cancellation for all commands.
pub(crate) struct Context {
    pub(crate) places: Places,
    pub(crate) output: Output,
    pub(crate) cancel: CancellationToken,
}

impl Context {
    /// Runs a job with its progress on stderr.
    pub(crate) fn job<T>(
        &self,
        work: impl FnOnce(&Job<'_>) -> Result<Outcome<T>, EngineError>,
    ) -> Result<Outcome<T>, Failure> {
        self.job_that_prints(|job, _| work(job))
    }

    /// Runs a job that prints while it runs; the progress is hidden while it does.
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

    /// Runs a job and prints its answer, or the document of a stopped job.
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

    /// Folder of the catalog: from the option, or the default.
    pub(crate) fn catalog(&self, arg: &CatalogArg) -> PathBuf {
        arg.catalog
            .clone()
            .unwrap_or_else(|| self.places.default_catalog.clone())
    }

    /// Prints the document of a stopped job.
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
