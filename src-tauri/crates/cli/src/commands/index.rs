//! `needledrop index`: builds or updates a catalog, and follows its folders with `--watch`.

use std::io::{self, Write};

use needledrop_engine::job::Outcome;
use needledrop_engine::music::index::{IndexReport, IndexRequest, index, watch};

use super::context::Context;
use crate::args::IndexArgs;
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;

pub(crate) fn run(context: &Context, args: IndexArgs) -> Result<End, Failure> {
    let request = IndexRequest {
        folders: args.folders,
        catalog: context.catalog(&args.catalog),
        pack: args.pack.pack,
        credits: args.credits,
        jobs: args.jobs.map(usize::from),
        retry: args.retry,
        cells: args.cells,
    };
    if args.watch {
        return follow(context, &request);
    }
    let (report, end) = match context.job(|job| index(&context.places, &request, job))? {
        Outcome::Completed(report) => (report, End::Done),
        Outcome::Cancelled(Some(report)) => (report, End::Cancelled),
        Outcome::Cancelled(None) => return context.cancelled(),
    };
    context.output.print(&report, |out| human(out, &report))?;
    Ok(end)
}

/// Prints a report for each pass that changed something.
fn follow(context: &Context, request: &IndexRequest) -> Result<End, Failure> {
    let mut failed_print = Ok(());
    let outcome = context.job_that_prints(|job, shown| {
        watch(&context.places, request, job, &mut |report| {
            let print = || context.output.print(report, |out| human(out, report));
            let printed = shown.aside(print);
            if printed.is_err() {
                job.cancel().cancel();
                failed_print = printed;
            }
        })
    })?;
    failed_print?;
    match outcome {
        Outcome::Completed(_) => Ok(End::Done),
        Outcome::Cancelled(Some(report)) => {
            context.output.print(&report, |out| human(out, &report))?;
            Ok(End::Cancelled)
        }
        Outcome::Cancelled(None) => context.cancelled(),
    }
}

fn human(out: &mut dyn Write, report: &IndexReport) -> io::Result<()> {
    for failed in &report.failed {
        writeln!(out, "failed: {}", Printable(&failed.message))?;
    }
    let mut parts = vec![format!("{} added", report.added)];
    for (count, what) in [
        (report.renewed, "analysed again"),
        (report.unchanged, "unchanged"),
        (report.known, "moved or copied"),
        (report.credited, "with new credits"),
        (report.missing, "missing"),
        (report.failed.len(), "failed"),
        (report.duplicates.len(), "recordings in several encodings"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    let passed_over: Vec<String> = report
        .passed_over
        .iter()
        .map(|group| format!("{} {}", group.count, group.reason.words()))
        .collect();
    if !passed_over.is_empty() {
        writeln!(out, "passed over: {}", passed_over.join(", "))?;
    }
    let stopped = if report.outcome == "cancelled" {
        "; stopped: run the same command again to continue"
    } else {
        ""
    };
    writeln!(
        out,
        "{} tracks in catalog {}: {}; {} s{stopped}",
        report.catalog.tracks,
        Printable(&report.catalog.id),
        parts.join(", "),
        if report.seconds < 10.0 {
            format!("{:.1}", report.seconds)
        } else {
            format!("{:.0}", report.seconds)
        }
    )
}
