//! `needledrop eval …`

use needledrop_engine::job::Outcome;
use needledrop_engine::{pairs, training};

use super::Context;
use crate::End;
use crate::args::{EvalBridgeArgs, EvalCommand, EvalPairsArgs};
use crate::output::Failure;

pub(crate) fn run(context: &Context, command: EvalCommand) -> Result<End, Failure> {
    match command {
        EvalCommand::Bridge(args) => bridge(context, &args),
        EvalCommand::Pairs(args) => designers(context, &args),
    }
}

fn designers(context: &Context, args: &EvalPairsArgs) -> Result<End, Failure> {
    let outcome = context.job(|job| {
        pairs::eval(
            &context.places,
            &args.pack.pack,
            &args.pairs,
            args.projector.as_deref(),
            job,
        )
    })?;
    let Outcome::Completed(document) = outcome else {
        return context.cancelled();
    };
    context.output.print(&document, |out| {
        writeln!(out, "{}", document.report.to_markdown())?;
        for pair in &document.unreadable {
            writeln!(out, "left out, not readable: {pair}")?;
        }
        Ok(())
    })?;
    Ok(End::Done)
}

fn bridge(context: &Context, args: &EvalBridgeArgs) -> Result<End, Failure> {
    let outcome = context.job(|job| {
        training::eval(
            &context.places,
            &args.pack.pack,
            args.pairs.as_deref(),
            args.projector.as_deref(),
            job,
        )
    })?;
    let Outcome::Completed(document) = outcome else {
        return context.cancelled();
    };
    context.output.print(&document, |out| {
        writeln!(out, "{}", document.report.to_markdown())
    })?;
    Ok(End::Done)
}
