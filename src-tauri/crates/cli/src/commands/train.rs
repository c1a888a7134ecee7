//! `needledrop train …`

use needledrop_engine::job::Outcome;
use needledrop_engine::{pairs, training};

use super::Context;
use crate::End;
use crate::args::{TrainBridgeArgs, TrainCommand, TrainPairsArgs};
use crate::output::Failure;

pub(crate) fn run(context: &Context, command: TrainCommand) -> Result<End, Failure> {
    match command {
        TrainCommand::Bridge(args) => bridge(context, &args),
        TrainCommand::Pairs(args) => fit(context, &args),
    }
}

fn fit(context: &Context, args: &TrainPairsArgs) -> Result<End, Failure> {
    let outcome = context.job(|job| {
        pairs::train(
            &context.places,
            &args.pack.pack,
            &args.pairs,
            args.projector.as_deref(),
            &args.out,
            job,
        )
    })?;
    let Outcome::Completed(document) = outcome else {
        return context.cancelled();
    };
    context.output.print(&document, |out| {
        writeln!(out, "written: {}", document.projector.display())
    })?;
    Ok(End::Done)
}

fn bridge(context: &Context, args: &TrainBridgeArgs) -> Result<End, Failure> {
    let outcome = context.job(|job| {
        training::train(
            &context.places,
            &args.pack.pack,
            args.pairs.as_deref(),
            args.out.as_deref(),
            args.seed,
            job,
        )
    })?;
    let Outcome::Completed(document) = outcome else {
        return context.cancelled();
    };
    context.output.print(&document, |out| {
        writeln!(out, "{}", document.report.to_markdown())?;
        writeln!(out, "written: {}", document.projector.display())
    })?;
    Ok(End::Done)
}
