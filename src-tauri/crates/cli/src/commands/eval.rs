//! `needledrop eval …`: scores of a projector.

use std::io::{self, Write};

use needledrop_engine::job::Outcome;
use needledrop_engine::learning::check::{CheckDoc, check};
use needledrop_engine::learning::reading::Reading;
use needledrop_engine::learning::report::{ReportRequest, report};
use needledrop_engine::learning::{pairs, pictures, training, words};

use super::context::Context;
use crate::args::{
    EvalBridgeArgs, EvalCheckArgs, EvalCommand, EvalPairsArgs, EvalPicturesArgs, EvalReportArgs,
    EvalWordsArgs, LockedArgs, PartArg,
};
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;

pub(crate) fn run(context: &Context, command: EvalCommand) -> Result<End, Failure> {
    match command {
        EvalCommand::Bridge(args) => bridge(context, &args),
        EvalCommand::Pairs(args) => chosen_pairs(context, &args),
        EvalCommand::Pictures(args) => labelled_pictures(context, &args),
        EvalCommand::Words(args) => asked_words(context, &args),
        EvalCommand::Report(args) => yardsticks(context, args),
        EvalCommand::Check(args) => leaks(context, &args),
    }
}

fn yardsticks(context: &Context, args: EvalReportArgs) -> Result<End, Failure> {
    let request = ReportRequest {
        reading: reading(&args.locked),
        pack: args.pack.pack,
        data: args.data,
        out: args.out,
        train: args.train,
        written: args.pairs,
    };
    context.answer(
        |job| report(&context.places, &request, job),
        |out, document| writeln!(out, "written: {}", Printable(document.report.display())),
    )
}

fn leaks(context: &Context, args: &EvalCheckArgs) -> Result<End, Failure> {
    let (places, locked) = (&context.places, args.locked_contents.as_deref());
    let outcome = context.job(|job| check(places, &args.yardsticks, locked, &args.trained, job))?;
    let Outcome::Completed(document) = outcome else {
        return context.cancelled();
    };
    let output = &context.output;
    output.print(&document, |out| found_leaks(out, &document))?;
    Ok(if document.leaks.is_empty() {
        End::Done
    } else {
        End::Refused
    })
}

fn found_leaks(out: &mut dyn Write, document: &CheckDoc) -> io::Result<()> {
    for leak in &document.leaks {
        let (says, source, file) = (leak.fault.says(), &leak.source, &leak.file);
        writeln!(out, "{}: {says}: {}", Printable(source), Printable(file))?;
    }
    let CheckDoc {
        items,
        unreadable,
        locked,
        ..
    } = document;
    let (files, leaks) = (document.trained.len(), document.leaks.len());
    writeln!(
        out,
        "{leaks} faults; {items} items, {unreadable} of them unreadable, {locked} locked contents, {files} files of weights"
    )
}

fn asked_words(context: &Context, args: &EvalWordsArgs) -> Result<End, Failure> {
    let (places, reading) = (&context.places, reading(&args.locked));
    context.answer(
        |job| words::eval(places, &args.pack.pack, &args.words, &reading, job),
        |out, document| {
            lines(out, &document.report.to_markdown())?;
            counted(out, document.use_number)?;
            left_out(out, &document.unreadable)
        },
    )
}

fn labelled_pictures(context: &Context, args: &EvalPicturesArgs) -> Result<End, Failure> {
    let (places, of) = (&context.places, args.projector.as_deref());
    let reading = reading(&args.locked);
    context.answer(
        |job| pictures::eval(places, &args.pack.pack, &args.pictures, of, &reading, job),
        |out, document| {
            lines(out, &document.report.to_markdown())?;
            counted(out, document.use_number)?;
            left_out(out, &document.unreadable)
        },
    )
}

/// The part that the options ask for; `--locked` comes with `--uses`.
fn reading(args: &LockedArgs) -> Reading {
    match &args.uses {
        Some(uses) if args.locked => Reading::Locked(uses.clone()),
        _ => Reading::Development,
    }
}

/// Prints the number of a reading of a locked part.
fn counted(out: &mut dyn Write, number: Option<usize>) -> io::Result<()> {
    match number {
        Some(number) => writeln!(out, "recorded as reading {number} of the locked part"),
        None => Ok(()),
    }
}

fn chosen_pairs(context: &Context, args: &EvalPairsArgs) -> Result<End, Failure> {
    let (places, of) = (&context.places, args.projector.as_deref());
    let reading = match (args.part, &args.locked.uses) {
        (PartArg::All, Some(uses)) => Reading::All(uses.clone()),
        (PartArg::Locked, Some(uses)) => Reading::Locked(uses.clone()),
        _ => reading(&args.locked),
    };
    context.answer(
        |job| pairs::eval(places, &args.pack.pack, &args.pairs, of, &reading, job),
        |out, document| {
            lines(out, &document.report.to_markdown())?;
            counted(out, document.use_number)?;
            left_out(out, &document.unreadable)
        },
    )
}

/// Prints a text of several lines.
pub(super) fn lines(out: &mut dyn Write, text: &str) -> io::Result<()> {
    text.lines()
        .try_for_each(|line| writeln!(out, "{}", Printable(line)))
}

/// Prints the pairs that could not be read, one per line.
pub(super) fn left_out(out: &mut dyn Write, pairs: &[String]) -> io::Result<()> {
    pairs
        .iter()
        .try_for_each(|pair| writeln!(out, "left out, cannot be read: {}", Printable(pair)))
}

fn bridge(context: &Context, args: &EvalBridgeArgs) -> Result<End, Failure> {
    let (places, rows) = (&context.places, args.pairs.as_deref());
    context.answer(
        |job| {
            training::eval(
                places,
                &args.pack.pack,
                rows,
                args.projector.as_deref(),
                job,
            )
        },
        |out, document| lines(out, &document.report.to_markdown()),
    )
}
