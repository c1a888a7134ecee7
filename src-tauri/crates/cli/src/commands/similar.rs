//! `needledrop similar`: the tracks that sound like a track.

use needledrop_engine::library::search::by_track;

use super::context::Context;
use super::filter::filter;
use super::search;
use crate::args::SimilarArgs;
use crate::end::End;
use crate::output::Failure;

pub(crate) fn run(context: &Context, args: &SimilarArgs) -> Result<End, Failure> {
    let dir = context.catalog(&args.catalog);
    let report = by_track(
        &dir,
        &args.track,
        &filter(&args.filter),
        usize::from(args.top),
    )?;
    context
        .output
        .print(&report, |out| search::human(out, &report))?;
    Ok(End::Done)
}
