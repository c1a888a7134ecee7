//! `needledrop frames`

use needledrop_engine::frames::write_frames;
use needledrop_engine::job::Outcome;

use super::Context;
use crate::End;
use crate::args::FramesArgs;
use crate::output::Failure;

pub(crate) fn run(context: &Context, args: &FramesArgs) -> Result<End, Failure> {
    let range_s = args.range.map(|range| (range.0, range.1));
    let outcome =
        context.job(|job| write_frames(&args.clip, &args.out, range_s, args.sample.into(), job))?;
    let Outcome::Completed(report) = outcome else {
        return context.cancelled();
    };
    context.output.print(&report, |out| {
        writeln!(
            out,
            "{} frames in {}",
            report.frames.len(),
            args.out.display()
        )
    })?;
    Ok(End::Done)
}
