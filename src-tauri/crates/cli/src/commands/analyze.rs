//! `needledrop analyze`: the analysis of one music file.

use std::io::{self, Write};

use needledrop_engine::music::analysis::{AnalysisReport, AnalysisRequest, SectionDoc, analyze};

use super::context::Context;
use crate::args::AnalyzeArgs;
use crate::end::End;
use crate::output::Failure;
use crate::printable::Printable;
use crate::table::length;

/// Number of tags in the table.
const SHOWN_TAGS: usize = 8;

pub(crate) fn run(context: &Context, args: AnalyzeArgs) -> Result<End, Failure> {
    let request = AnalysisRequest {
        file: args.audio,
        pack: args.pack.pack,
        curves: args.curves,
        embed: !args.no_embed,
    };
    context.answer(|job| analyze(&context.places, &request, job), human)
}

fn human(out: &mut dyn Write, report: &AnalysisReport) -> io::Result<()> {
    let mut line = |what: &str, text: Option<String>| match text {
        Some(text) => writeln!(out, "{what:<9} {}", Printable(&text)),
        None => Ok(()),
    };
    line("file", Some(report.file.path.display().to_string()))?;
    line("title", title(report))?;
    line("length", Some(length(report.duration_s)))?;
    line("tempo", Some(tempo(report)))?;
    line("key", Some(key(report)))?;
    line("loudness", loudness(report))?;
    line("form", Some(form(report)))?;
    line("mood", mood(report))?;
    line("tags", tags(report))?;
    for (at, section) in report.sections.iter().enumerate() {
        let what = if at == 0 { "sections" } else { "" };
        line(what, Some(self::section(section)))?;
    }
    line("licence", report.metadata.licence.clone())?;
    line("isrc", report.metadata.isrc.clone())?;
    let damaged = report.damaged_packets;
    line(
        "damaged",
        (damaged > 0).then(|| format!("{damaged} packets could not be decoded")),
    )
}

fn title(report: &AnalysisReport) -> Option<String> {
    let said = &report.metadata;
    let title = said.title.clone()?;
    let parts = [Some(title), said.artist.clone(), said.album.clone()];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" – "))
}

fn tempo(report: &AnalysisReport) -> String {
    let Some(bpm) = report.bpm else {
        return "no pulse".to_owned();
    };
    let mut parts = vec![format!("{bpm:.1} BPM"), confidence(report.bpm_confidence)];
    parts.extend(report.time_signature.clone());
    if !report.beats_s.is_empty() {
        if report.time_signature.is_none() {
            parts.push("metre unsure".to_owned());
        }
        parts.push(format!("{} beats", report.beats_s.len()));
    }
    if report.tempo_stretches.len() > 1 {
        let each = report
            .tempo_stretches
            .iter()
            .map(|stretch| format!("{:.1} from {}", stretch.bpm, length(stretch.start_s)));
        parts.push(each.collect::<Vec<_>>().join(", "));
    }
    if let Some(claimed) = report.metadata.bpm_claimed {
        parts.push(format!("according to the file {claimed}"));
    }
    parts.join("; ")
}

fn key(report: &AnalysisReport) -> String {
    let (Some(key), Some(camelot)) = (&report.key, &report.camelot) else {
        return "none".to_owned();
    };
    let mut parts = vec![
        format!("{key} ({camelot})"),
        confidence(report.key_confidence),
    ];
    if let Some(cents) = report.tuning_cents.filter(|cents| cents.abs() >= 1.0) {
        parts.push(format!("tuned {cents:+.0} cents"));
    }
    if let Some(claimed) = &report.metadata.key_claimed {
        parts.push(format!("according to the file {claimed}"));
    }
    parts.join("; ")
}

fn confidence(confidence: f64) -> String {
    format!("confidence {:.0} %", confidence * 100.0)
}

fn loudness(report: &AnalysisReport) -> Option<String> {
    let parts: Vec<String> = [
        report.loudness_lufs.map(|x| format!("{x:.1} LUFS")),
        report.loudness_range_lu.map(|x| format!("range {x:.1} LU")),
        report.true_peak_dbtp.map(|x| format!("peak {x:.1} dBTP")),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn form(report: &AnalysisReport) -> String {
    let ending = match report.ending {
        "fade" => "fades out",
        "cut" => "is cut off",
        _ => "ends",
    };
    let from = report
        .ending_s
        .map(|at| format!(" from {}", length(at)))
        .unwrap_or_default();
    let mut parts = vec![format!("{ending}{from}")];
    if let Some(at) = report.climax_s {
        parts.push(format!("climax at {}", length(at)));
    }
    if let Some([from, to]) = report.loop_s {
        parts.push(format!("loops from {} to {}", length(from), length(to)));
    }
    let [from, to] = report.preview_s;
    parts.push(format!("preview {} to {}", length(from), length(to)));
    parts.join("; ")
}

fn mood(report: &AnalysisReport) -> Option<String> {
    let label = report.mood_name?;
    let mut parts = vec![label.to_owned(), percent("energy", report.energy)];
    parts.extend(report.valence.map(|share| percent("valence", share)));
    parts.extend(report.vocal.map(|share| percent("voices", share)));
    Some(parts.join(", "))
}

fn percent(what: &str, share: f64) -> String {
    format!("{what} {:.0} %", share * 100.0)
}

fn tags(report: &AnalysisReport) -> Option<String> {
    let shown: Vec<String> = report
        .tags
        .iter()
        .take(SHOWN_TAGS)
        .map(|tag| format!("{} {:.0} %", tag.tag, tag.score * 100.0))
        .collect();
    (!shown.is_empty()).then(|| shown.join(", "))
}

fn section(section: &SectionDoc) -> String {
    format!(
        "{:>5} to {:>5}  {:<6}  energy {:.0} %",
        length(section.start_s),
        length(section.end_s),
        section.kind,
        section.energy * 100.0
    )
}
