//! `needledrop eval …`

use needledrop_engine::job::Outcome;
use needledrop_engine::training;

use super::Context;
use crate::End;
use crate::args::EvalCommand;
use crate::output::Failure;

pub(crate) fn run(context: &Context, command: EvalCommand) -> Result<End, Failure> {
    let EvalCommand::Bridge(args) = command;
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
