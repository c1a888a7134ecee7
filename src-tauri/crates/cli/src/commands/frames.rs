//! `needledrop frames`: the frames of a match as JPEG files.

use needledrop_engine::clip::frames::write_frames;

use super::context::Context;
use crate::args::FramesArgs;
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;

pub(crate) fn run(context: &Context, args: &FramesArgs) -> Result<End, Failure> {
    let range_s = args.range.map(|range| (range.0, range.1));
    context.answer(
        |job| write_frames(&args.clip, &args.out, range_s, args.sample.into(), job),
        |out, report| {
            for warning in &report.warnings {
                eprintln!("needledrop: {}", Printable(warning));
            }
            let (count, place) = (report.frames.len(), Printable(args.out.display()));
            writeln!(out, "{count} frames in {place}")
        },
    )
}
