//! `needledrop train …`: trains and fits projectors.

use needledrop_engine::learning::{pairs, training};

use super::context::Context;
use super::eval::{left_out, lines};
use crate::args::{TrainBridgeArgs, TrainCommand, TrainPairsArgs};
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;

pub(crate) fn run(context: &Context, command: TrainCommand) -> Result<End, Failure> {
    match command {
        TrainCommand::Bridge(args) => bridge(context, &args),
        TrainCommand::Pairs(args) => fit(context, &args),
    }
}

fn fit(context: &Context, args: &TrainPairsArgs) -> Result<End, Failure> {
    let (places, from) = (&context.places, args.projector.as_deref());
    context.answer(
        |job| pairs::train(places, &args.pack.pack, &args.pairs, from, &args.out, job),
        |out, document| {
            left_out(out, &document.unreadable)?;
            writeln!(out, "written: {}", Printable(document.projector.display()))
        },
    )
}

fn bridge(context: &Context, args: &TrainBridgeArgs) -> Result<End, Failure> {
    let (places, rows, to) = (&context.places, args.pairs.as_deref(), args.out.as_deref());
    context.answer(
        |job| training::train(places, &args.pack.pack, rows, to, args.seed, job),
        |out, document| {
            lines(out, &document.report.to_markdown())?;
            writeln!(out, "written: {}", Printable(document.projector.display()))
        },
    )
}
