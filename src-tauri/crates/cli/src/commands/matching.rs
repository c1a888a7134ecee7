//! `needledrop match`

use needledrop_engine::job::Outcome;
use needledrop_engine::matching::{MatchReport, MatchRequest, match_clip};
use needledrop_ranking::TagWish;

use super::Context;
use crate::End;
use crate::args::MatchArgs;
use crate::output::Failure;
use crate::table;

pub(crate) fn run(context: &Context, args: MatchArgs) -> Result<End, Failure> {
    let request = MatchRequest {
        range_s: args.range.map(|range| (range.0, range.1)),
        brief: args.brief,
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
        pack: args.pack.pack,
        sampling: args.sample.into(),
        top: usize::from(args.top),
        weights: args.weights.unwrap_or_default(),
        ..MatchRequest::new(args.clip, context.catalog(&args.catalog))
    };
    let outcome = context.job(|job| match_clip(&context.places, &request, job))?;
    let Outcome::Completed(report) = outcome else {
        return context.cancelled();
    };
    for warning in &report.warnings {
        eprintln!("needledrop: {warning}");
    }
    context.output.print(&report, |out| {
        headline(out, &report)?;
        let headers = [
            "", "title", "artist", "BPM", "key", "length", "licence", "score", "why",
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
                row.why.clone(),
            ]
        });
        table::write(out, &headers, &[0, 3, 5, 7], rows)
    })?;
    Ok(End::Done)
}

fn headline(out: &mut dyn std::io::Write, report: &MatchReport) -> std::io::Result<()> {
    let [start, end] = report.clip.range_s;
    let mood = report.brief.mood_label.unwrap_or("unknown");
    writeln!(
        out,
        "{} {}-{}, {} frames; mood {mood}{}; {} tracks of {}; {:.0} ms on {}\n",
        report.clip.path.display(),
        table::length(start),
        table::length(end),
        report.clip.frames,
        report
            .brief
            .mode
            .map_or(String::new(), |mode| format!(", {mode}")),
        report.catalog.tracks,
        report.catalog.id,
        report.timings_ms.total,
        report.provider,
    )
}
