//! `needledrop eval …`: scores of a projector.

use std::io::{self, Write};

use needledrop_engine::learning::{pairs, training};

use super::context::Context;
use crate::args::{EvalBridgeArgs, EvalCommand, EvalPairsArgs};
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;

pub(crate) fn run(context: &Context, command: EvalCommand) -> Result<End, Failure> {
    match command {
        EvalCommand::Bridge(args) => bridge(context, &args),
        EvalCommand::Pairs(args) => chosen_pairs(context, &args),
    }
}

fn chosen_pairs(context: &Context, args: &EvalPairsArgs) -> Result<End, Failure> {
    let (places, of) = (&context.places, args.projector.as_deref());
    context.answer(
        |job| pairs::eval(places, &args.pack.pack, &args.pairs, of, job),
        |out, document| {
            lines(out, &document.report.to_markdown())?;
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
