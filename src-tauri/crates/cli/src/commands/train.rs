//! `needledrop train …`

use needledrop_engine::job::Outcome;
use needledrop_engine::training;

use super::Context;
use crate::End;
use crate::args::TrainCommand;
use crate::output::Failure;

pub(crate) fn run(context: &Context, command: TrainCommand) -> Result<End, Failure> {
    let TrainCommand::Bridge(args) = command;
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
