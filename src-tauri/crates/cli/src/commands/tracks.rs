//! `needledrop tracks`: the tracks of a catalog.

use needledrop_engine::library::tracks::list;

use super::context::Context;
use super::filter::filter;
use crate::args::TracksArgs;
use crate::end::End;
use crate::output::Failure;
use crate::table;

pub(crate) fn run(context: &Context, args: &TracksArgs) -> Result<End, Failure> {
    let report = list(
        &context.catalog(&args.catalog),
        &filter(&args.filter),
        args.find.as_deref(),
        args.limit,
    )?;
    context.output.print(&report, |out| {
        let headers = [
            "id", "title", "artist", "BPM", "key", "length", "licence", "tags",
        ];
        let rows = report.tracks.iter().map(|row| {
            let track = &row.track;
            vec![
                track.track_id.clone(),
                track.title.clone(),
                table::or_dash(track.artist.as_deref()),
                table::or_dash(track.bpm.map(|bpm| format!("{bpm:.0}"))),
                table::or_dash(track.key.as_deref()),
                table::length(track.duration_s),
                table::or_dash(track.licence.as_deref()),
                row.tags.join(", "),
            ]
        });
        table::write(out, &headers, &[3, 5], rows)
    })?;
    Ok(End::Done)
}
