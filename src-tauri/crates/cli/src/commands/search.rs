//! `needledrop search`, and the table that `similar` prints, too.

use std::io::{self, Write};

use needledrop_engine::library::search::SearchReport;
use needledrop_engine::library::word_search::by_text;
use needledrop_engine::words::{BecameDoc, WordDoc};

use super::context::Context;
use super::filter::filter;
use crate::args::SearchArgs;
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;
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
    words(out, &report.words)?;
    let headers = [
        "", "title", "artist", "BPM", "key", "length", "licence", "score", "id",
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

/// One line with what each word became.
pub(super) fn words(out: &mut dyn Write, words: &[WordDoc]) -> io::Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let became = |word: &WordDoc| {
        let target = word.target.as_deref().unwrap_or("vague");
        let refused = if word.became == BecameDoc::Refused {
            "refused: "
        } else {
            ""
        };
        let near = word
            .through
            .as_ref()
            .map_or_else(String::new, |known| format!("near {known}: "));
        format!("{} → {near}{refused}{target}", Printable(&word.text))
    };
    let line: Vec<String> = words.iter().map(became).collect();
    writeln!(out, "{}\n", line.join("; "))
}
