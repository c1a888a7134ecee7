//! `needledrop look`: the analysis of one clip, as text or as a contact sheet.

use std::io::{self, Write};
use std::path::Path;

use needledrop_engine::clip::report::{ClipReport, ClipReportRequest, clip_report};
use needledrop_engine::job::{Job, Outcome};
use needledrop_engine::{EngineError, write_whole};

use super::context::Context;
use crate::args::LookArgs;
use crate::contact_sheet::{Content, draw};
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;
use crate::table;

/// Largest number of cuts in the list.
const LISTED: usize = 40;

pub(crate) fn run(context: &Context, args: LookArgs) -> Result<End, Failure> {
    let request = ClipReportRequest {
        range_s: args.range.map(|range| (range.0, range.1)),
        sensitivity: args.sensitivity,
        pack: args.pack.pack,
        ..ClipReportRequest::new(args.clip)
    };
    let outcome = context.job(|job| clip_report(&context.places, &request, job))?;
    let Outcome::Completed(report) = outcome else {
        return context.cancelled();
    };
    if let Some(out) = &args.plot {
        let catalog = context.catalog(&args.catalog);
        let read = |job: &Job<'_>| Content::read(&context.places, &request, &report, &catalog, job);
        let Outcome::Completed(content) = context.job(read)? else {
            return context.cancelled();
        };
        write_sheet(&request.clip, &report, &content, out)?;
    }
    for warning in &report.warnings {
        eprintln!("needledrop: {}", Printable(warning));
    }
    context.output.print(&report, |out| human(out, &report))?;
    Ok(End::Done)
}

fn write_sheet(
    clip: &Path,
    report: &ClipReport,
    content: &Content,
    out: &Path,
) -> Result<(), Failure> {
    let name = clip.file_name().unwrap_or_default().to_string_lossy();
    let sheet = draw(&name, report, content)?;
    write_whole(out, &sheet).map_err(|source| {
        Failure::from(EngineError::Io {
            doing: "write the contact sheet",
            path: out.to_owned(),
            source,
        })
    })
}

fn human(out: &mut dyn Write, report: &ClipReport) -> io::Result<()> {
    let [from, to] = report.range_s;
    let mut line = |name: &str, text: String| writeln!(out, "{name:<9} {text}");
    line(
        "clip",
        format!(
            "{}-{} of {}, {} frames per second{}",
            table::length(from),
            table::length(to),
            table::length(report.duration_s),
            report.fps,
            if report.uneven { " (uneven)" } else { "" }
        ),
    )?;
    let count = |kind: &str| report.cuts.iter().filter(|c| c.kind == kind).count();
    line(
        "shots",
        format!(
            "{} ({} cuts, {} fades, {} dissolves)",
            report.cuts.len() + 1,
            count("cut"),
            count("fade"),
            count("dissolve")
        ),
    )?;
    let tempo = &report.tempo;
    line(
        "pulse",
        match tempo.bpm {
            Some(bpm) if tempo.confidence >= 0.3 => {
                let others: Vec<String> = tempo.candidates[1..]
                    .iter()
                    .filter(|c| c.weight >= 0.05)
                    .map(|c| format!("{:.0}", c.bpm))
                    .collect();
                let or = if others.is_empty() {
                    String::new()
                } else {
                    format!(", or {}", others.join(", "))
                };
                format!("{bpm:.1} BPM (confidence {:.2}){or}", tempo.confidence)
            }
            _ => format!("none (confidence {:.2})", tempo.confidence),
        },
    )?;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    line(
        "motion",
        format!(
            "{:.2} picture widths per second, camera {:.2}; {} hits",
            mean(&report.motion.values),
            mean(&report.camera.values),
            report.hits.len()
        ),
    )?;
    let mood = &report.mood;
    line(
        "mood",
        format!(
            "{}: action {:.2}, sad {:.2}, happy {:.2}, calm {:.2}; valence {:+.2}, arousal {:+.2}{}",
            report.mood_label,
            mood.action,
            mood.sad,
            mood.happy,
            mood.calm,
            report.valence,
            report.arousal,
            report
                .mode
                .map_or(String::new(), |mode| format!("; {mode}"))
        ),
    )?;
    line("sound", sound(report))?;
    if !report.cuts.is_empty() {
        let listed: Vec<String> = report
            .cuts
            .iter()
            .take(LISTED)
            .map(|c| match c.kind {
                "cut" => format!("{:.2}", c.time_s),
                kind => format!("{:.2} {kind}", c.time_s),
            })
            .collect();
        let more = report.cuts.len().saturating_sub(LISTED);
        let tail = if more > 0 {
            format!(" and {more} more (--json lists all)")
        } else {
            String::new()
        };
        line("cuts at", format!("{}{tail}", listed.join(", ")))?;
    }
    line("took", format!("{:.1} s", report.timings_ms.total / 1000.0))
}

fn sound(report: &ClipReport) -> String {
    let Some(speech) = &report.speech_s else {
        return "none".to_owned();
    };
    let spoken: f64 = speech.iter().map(|[a, b]| b - a).sum();
    let speech = match speech.len() {
        0 => "no speech".to_owned(),
        1 => format!("{spoken:.0} s of speech"),
        n => format!("{spoken:.0} s of speech in {n} places"),
    };
    let music = if report.music_present == Some(true) {
        "with music"
    } else {
        "no music"
    };
    let loud = report
        .loudness_lufs
        .map_or(String::new(), |l| format!(", {l:.1} LUFS"));
    format!("{speech}, {music}{loud}")
}
