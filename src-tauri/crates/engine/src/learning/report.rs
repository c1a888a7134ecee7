//! `needledrop eval report`: the three yardsticks with one pack, in one file.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use needledrop_training::TrainingError;
use needledrop_training::yardstick::figures::{Figure, text};
use needledrop_training::yardstick::split::Yardstick;
use serde::Serialize;

use super::day::day;
use super::pairs::PairsDoc;
use super::pictures::PicturesDoc;
use super::reading::Reading;
use super::training::BridgeDoc;
use super::words::WordsDoc;
use super::{pairs, pictures, training, words};
use crate::error::EngineError;
use crate::file_doc;
use crate::files::write_whole;
use crate::job::{Job, Outcome};
use crate::packs;
use crate::places::Places;

/// A report to make.
#[derive(Clone, Debug)]
pub struct ReportRequest {
    /// Model pack, by name or folder.
    pub pack: String,
    /// Folder of the yardsticks: pictures.jsonl, music/tracks.jsonl, choices/pairs.jsonl, or the last two without their
    /// folders.
    pub data: PathBuf,
    /// Markdown file to write.
    pub out: PathBuf,
    /// Whether to train the pack's bridge on written pairs first, and to use it.
    pub train: bool,
    /// Written pairs to train on: a file or a folder; the checkout's where absent.
    pub written: Option<PathBuf>,
    /// The part to read.
    pub reading: Reading,
}

/// The three yardsticks with one pack. One whose rows are not in the folder is absent.
#[derive(Debug, Serialize)]
pub struct ReportDoc {
    /// File of the report.
    #[serde(serialize_with = "file_doc::text")]
    pub report: PathBuf,
    /// The training of the bridge; absent where none was asked for.
    pub bridge: Option<BridgeDoc>,
    /// Pictures and their briefs.
    pub pictures: Option<PicturesDoc>,
    /// Briefs and the music that they ask for.
    pub words: Option<WordsDoc>,
    /// Pictures and the music that people chose.
    pub choices: Option<PairsDoc>,
}

/// Runs every yardstick whose rows are in the folder and writes the report.
///
/// # Errors
/// [`EngineError::Training`] for a folder without rows; those of the yardsticks; [`EngineError::Io`] for the report.
pub fn report(
    places: &Places,
    request: &ReportRequest,
    job: &Job<'_>,
) -> Result<Outcome<ReportDoc>, EngineError> {
    let ReportRequest {
        pack,
        data,
        out,
        reading,
        ..
    } = request;
    let found = [
        folder(data, &["."], "pictures.jsonl"),
        folder(data, &[".", "music"], "tracks.jsonl"),
        folder(data, &[".", "choices"], "pairs.jsonl"),
    ];
    if found.iter().all(Option::is_none) {
        return Err(TrainingError::NoRows {
            path: data.to_owned(),
        }
        .into());
    }
    // Before any work, so that a report is not refused after half of it was recorded.
    for (folder, yardstick) in found.iter().zip(Yardstick::ALL) {
        if folder.is_some() {
            reading.check(yardstick)?;
        }
    }
    let mut document = ReportDoc {
        report: out.to_owned(),
        bridge: None,
        pictures: None,
        words: None,
        choices: None,
    };
    if request.train {
        match training::train(places, pack, request.written.as_deref(), None, SEED, job)? {
            Outcome::Completed(bridge) => document.bridge = Some(bridge),
            Outcome::Cancelled(_) => return Ok(Outcome::Cancelled(None)),
        }
    }
    let projector = document
        .bridge
        .as_ref()
        .map(|bridge| bridge.projector.clone());
    let projector = projector.as_deref();
    let [of_pictures, of_words, of_choices] = found;
    if let Some(dir) = of_pictures {
        match pictures::eval(places, pack, &dir, projector, reading, job)? {
            Outcome::Completed(pictures) => document.pictures = Some(pictures),
            Outcome::Cancelled(_) => return Ok(Outcome::Cancelled(None)),
        }
    }
    if let Some(dir) = of_words {
        match words::eval(places, pack, &dir, reading, job)? {
            Outcome::Completed(words) => document.words = Some(words),
            Outcome::Cancelled(_) => return Ok(Outcome::Cancelled(None)),
        }
    }
    if let Some(dir) = of_choices {
        match pairs::eval(places, pack, &dir, projector, reading, job)? {
            Outcome::Completed(choices) => document.choices = Some(choices),
            Outcome::Cancelled(_) => return Ok(Outcome::Cancelled(None)),
        }
    }
    let name = packs::open(places, pack)?.manifest.name;
    let text = markdown(&document, &name, reading);
    write_whole(out, text.as_bytes()).map_err(|source| EngineError::Io {
        doing: "write the report",
        path: out.to_owned(),
        source,
    })?;
    Ok(Outcome::Completed(document))
}

/// Seed of the bridge's training.
const SEED: u64 = 1;

/// The first of the folders that has the file.
fn folder(data: &Path, below: &[&str], file: &str) -> Option<PathBuf> {
    let folders = below.iter().map(|name| match *name {
        "." => data.to_owned(),
        name => data.join(name),
    });
    folders
        .into_iter()
        .find(|folder| folder.join(file).is_file())
}

fn markdown(document: &ReportDoc, pack: &str, reading: &Reading) -> String {
    let part = reading.asked().as_str();
    let mut page = format!(
        "# Yardsticks: pack `{pack}`, {part} part\n\nMade on {} by `needledrop eval report`. Intervals hold 95 of 100 \
         resamples of sources.\n\n| yardstick | figure | value |\n|---|---|---|\n",
        day(SystemTime::now())
    );
    for (yardstick, figure, value) in summary(document) {
        writeln!(page, "| {yardstick} | {figure} | {value} |")
            .expect("writing to a String cannot fail");
    }
    let mut parts = Vec::new();
    parts.extend(document.pictures.as_ref().map(|d| d.report.to_markdown()));
    parts.extend(document.words.as_ref().map(|d| d.report.to_markdown()));
    parts.extend(document.choices.as_ref().map(|d| d.report.to_markdown()));
    parts.extend(document.bridge.as_ref().map(|d| d.report.to_markdown()));
    for part in parts {
        page.push_str("\n#");
        page.push_str(&part);
    }
    page
}

/// Yardstick, figure and value of each line at the top.
fn summary(document: &ReportDoc) -> Vec<(&'static str, String, String)> {
    let mut lines = Vec::new();
    let mut add = |yardstick, figure: String, value: Option<&Figure>| {
        lines.push((yardstick, figure, text(value)));
    };
    if let Some(pictures) = &document.pictures {
        for kind in &pictures.report.kinds {
            let name = &kind.kind;
            add(
                "pictures",
                format!("percentile, {name}"),
                kind.percentile.as_ref(),
            );
            if kind.arousal.is_some() {
                add(
                    "pictures",
                    format!("arousal, {name}"),
                    kind.arousal.as_ref(),
                );
            }
        }
    }
    if let Some(words) = &document.words {
        for ask in &words.report.asks {
            add("words", format!("{}, met", ask.ask), ask.met.as_ref());
            add(
                "words",
                format!("{}, by chance", ask.ask),
                ask.chance.as_ref(),
            );
        }
        for feeling in &words.report.feelings {
            let tracks = &feeling.tracks;
            add(
                "words",
                format!("valence, {tracks}"),
                feeling.valence.as_ref(),
            );
            add(
                "words",
                format!("arousal, {tracks}"),
                feeling.arousal.as_ref(),
            );
        }
    }
    let Some(choices) = &document.choices else {
        return lines;
    };
    for step in &choices.report.steps {
        add(
            "choices",
            format!("mean of games, {}", step.name),
            step.mean_of_games.as_ref(),
        );
    }
    if let Some(table) = &choices.report.calibration {
        let error = format!("{:.3}", table.error);
        lines.push(("choices", "calibration error".to_owned(), error));
    }
    lines
}
