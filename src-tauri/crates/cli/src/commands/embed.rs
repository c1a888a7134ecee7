//! `needledrop embed`: the vector of a clip, a text or a music file.

use needledrop_engine::clip::embedding_report::{
    EmbedReport, audio_vector, clip_vector, text_vector,
};
use needledrop_engine::job::{Job, Outcome};

use super::context::Context;
use crate::args::EmbedArgs;
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;

pub(crate) fn run(context: &Context, args: &EmbedArgs) -> Result<End, Failure> {
    let (places, pack) = (&context.places, args.pack.pack.as_str());
    let range_s = args.range.map(|range| (range.0, range.1));
    let work = |job: &Job<'_>| match (&args.clip, &args.text, &args.audio) {
        (Some(clip), _, _) => clip_vector(places, pack, clip, range_s, args.sample.into(), job),
        (_, Some(text), _) => text_vector(places, pack, text).map(Outcome::Completed),
        (_, _, Some(file)) => audio_vector(places, pack, file, job),
        (None, None, None) => Ok(Outcome::Cancelled(None)),
    };
    context.answer(work, human)
}

/// One number per line, for other programs in a pipe.
fn human(out: &mut dyn std::io::Write, report: &EmbedReport) -> std::io::Result<()> {
    writeln!(
        out,
        "# {} numbers in {} ({})",
        report.dim,
        Printable(&report.space),
        Printable(&report.pack)
    )?;
    for x in &report.vector {
        writeln!(out, "{x}")?;
    }
    Ok(())
}
