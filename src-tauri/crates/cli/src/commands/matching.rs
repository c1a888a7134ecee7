//! `needledrop match`: the tracks that fit a clip.

use needledrop_engine::job::Outcome;
use needledrop_engine::matching::{
    ClipSelection, MatchBrief, MatchReport, MatchRequest, ResultDoc, match_clip,
};
use needledrop_ranking::TagWish;

use super::context::Context;
use super::search;
use crate::args::MatchArgs;
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;
use crate::table;

/// Number of rows of the first answer to print.
const PREVIEWED: usize = 5;

pub(crate) fn run(context: &Context, args: MatchArgs) -> Result<End, Failure> {
    let brief = MatchBrief {
        text: args.brief,
        words_share: args.words,
        reference: args.reference,
        bpm_range: args.bpm.map(|range| (range.0, range.1)),
        key: args.key,
        tags: args
            .tags
            .into_iter()
            .map(|t| TagWish {
                tag: t.tag,
                weight: t.weight,
            })
            .collect(),
        sensitivity: args.sensitivity,
        top: usize::from(args.top),
        weights: args.weights.unwrap_or_default(),
        ..MatchBrief::default()
    };
    let request = MatchRequest {
        selection: ClipSelection {
            clip: args.clip,
            range_s: args.range.map(|range| (range.0, range.1)),
            sampling: args.sample.into(),
            max_frames: needledrop_engine::media::MAX_FRAMES,
        },
        catalog: context.catalog(&args.catalog),
        pack: args.pack.pack,
        refine: !args.quick,
        brief,
    };
    let outcome = context.job_that_prints(|job, shown| {
        let mut first = |report: &MatchReport| shown.aside(|| preview(report));
        match_clip(&context.places, &request, job, &mut first)
    })?;
    let (report, end) = match outcome {
        Outcome::Completed(report) => (report, End::Done),
        Outcome::Cancelled(Some(report)) => (report, End::Cancelled),
        Outcome::Cancelled(None) => return context.cancelled(),
    };
    for warning in &report.warnings {
        eprintln!("needledrop: {}", Printable(warning));
    }
    if report.no_good_match {
        eprintln!(
            "needledrop: the catalog has no good match (confidence {:.2}); these tracks are the nearest",
            report.confidence
        );
    }
    context.output.print(&report, |out| {
        headline(out, &report)?;
        search::words(out, &report.brief.words)?;
        let headers = [
            "", "title", "artist", "BPM", "key", "from", "length", "licence", "score", "why",
        ];
        let rows = report.results.iter().map(|row| {
            let track = &row.track;
            vec![
                row.rank.to_string(),
                track.title.clone(),
                table::or_dash(track.artist.as_deref()),
                table::or_dash(track.bpm.map(|bpm| format!("{bpm:.0}"))),
                table::or_dash(track.key.as_deref()),
                table::length(track.start_s),
                table::length(track.duration_s),
                table::or_dash(track.licence.as_deref()),
                format!("{:.2}", row.score),
                why(row),
            ]
        });
        table::write(out, &headers, &[0, 3, 5, 6, 8], rows)
    })?;
    Ok(end)
}

/// The reasons of a row. A track that is too short says so first.
fn why(row: &ResultDoc) -> String {
    if row.too_short {
        return format!("ends before the range; {}", row.why);
    }
    row.why.clone()
}

/// Prints the best rows of the first answer while motion and sound are analysed.
fn preview(report: &MatchReport) {
    eprintln!(
        "needledrop: first answer, by the content of the picture, after {:.1} s (now analysing motion and sound):",
        report.timings_ms.first_rows / 1000.0
    );
    for row in report.results.iter().take(PREVIEWED) {
        let by = row.track.artist.as_deref().unwrap_or("unknown");
        let title = Printable(&row.track.title);
        eprintln!("{:4} {title} – {}", row.rank, Printable(by));
    }
}

fn headline(out: &mut dyn std::io::Write, report: &MatchReport) -> std::io::Result<()> {
    let [start, end] = report.clip.range_s;
    let mood = report.brief.mood_name.unwrap_or("unknown");
    let pulse = match report.brief.tempo_bpm {
        Some(bpm) => format!("{bpm:.0} BPM"),
        None => "no pulse".to_owned(),
    };
    writeln!(
        out,
        "{} {}-{}, {} frames; mood {mood}{}; {pulse}; {} tracks of {}; {:.0} ms ({:.0} to the first rows) on {}\n",
        Printable(report.clip.file.path.display()),
        table::length(start),
        table::length(end),
        report.clip.frames,
        report
            .brief
            .mode
            .map_or(String::new(), |mode| format!(", {mode}")),
        report.catalog.tracks,
        Printable(&report.catalog.id),
        report.timings_ms.total,
        report.timings_ms.first_rows,
        report.provider,
    )
}
