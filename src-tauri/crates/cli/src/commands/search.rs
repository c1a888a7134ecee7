//! `needledrop search`, and the table that `similar` prints, too.

use std::io::{self, Write};

use needledrop_engine::library::search::{SearchReport, by_text};

use super::context::Context;
use super::filter::filter;
use crate::args::SearchArgs;
use crate::end::End;
use crate::output::Failure;
use crate::table;

pub(crate) fn run(context: &Context, args: &SearchArgs) -> Result<End, Failure> {
    let report = by_text(
        &context.places,
        &args.pack.pack,
        &context.catalog(&args.catalog),
        &args.text,
        &filter(&args.filter),
        usize::from(args.top),
    )?;
    context.output.print(&report, |out| human(out, &report))?;
    Ok(End::Done)
}

pub(super) fn human(out: &mut dyn Write, report: &SearchReport) -> io::Result<()> {
    let headers = [
        "", "title", "artist", "BPM", "key", "length", "licence", "cosine", "id",
    ];
    let rows = report.results.iter().map(|row| {
        let track = &row.track;
        vec![
            row.rank.to_string(),
            track.title.clone(),
            table::or_dash(track.artist.as_deref()),
            table::or_dash(track.bpm.map(|bpm| format!("{bpm:.0}"))),
            table::or_dash(track.key.as_deref()),
            table::length(track.duration_s),
            table::or_dash(track.licence.as_deref()),
            format!("{:.2}", row.score),
            track.track_id.clone(),
        ]
    });
    table::write(out, &headers, &[0, 3, 5, 7], rows)
}
