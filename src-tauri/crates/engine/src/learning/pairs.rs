//! `needledrop eval pairs` and `needledrop train pairs`: pictures with the music that people chose for them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use needledrop_catalog::Catalog;
use needledrop_models::runtime::SessionOptions;
use needledrop_models::{Pack, VisualKind};
use needledrop_training::yardstick::rows::read_rows;
use needledrop_training::yardstick::split::Yardstick;
use needledrop_training::{
    Network, Pair, PairOptions, PairRow, PairSet, PairsReport, Progress, eval_pairs, train_pairs,
};
use needledrop_vision::{ClipMean, FrameEncoder, open_encoder};
use serde::Serialize;

use crate::error::EngineError;
use crate::file_doc;
use crate::job::{Job, Outcome};
use crate::learning::reading::{Read, Reading, noted};
use crate::learning::{indexed, picture_file, seen};
use crate::library::documents::rounded;
use crate::packs;
use crate::places::Places;

/// An evaluation and the files that it used.
#[derive(Debug, Serialize)]
pub struct PairsDoc {
    /// File of the projector that was evaluated.
    #[serde(serialize_with = "file_doc::text")]
    pub projector: PathBuf,
    /// Folder with pairs.jsonl, pictures and music.
    #[serde(serialize_with = "file_doc::text")]
    pub pairs: PathBuf,
    /// Pairs that were left out, because a picture or the music could not be read.
    pub unreadable: Vec<String>,
    /// The part that was read: `development`, `locked` or `all`.
    pub part: &'static str,
    /// Number of this reading of the locked part; absent for the development part.
    pub use_number: Option<usize>,
    /// Ranks of the chosen tracks among all tracks.
    pub report: PairsReport,
}

/// A projector fitted to pairs.
#[derive(Debug, Serialize)]
pub struct FittedDoc {
    /// File of the new projector.
    #[serde(serialize_with = "file_doc::text")]
    pub projector: PathBuf,
    /// Folder with pairs.jsonl, pictures and music.
    #[serde(serialize_with = "file_doc::text")]
    pub pairs: PathBuf,
    /// Pairs that were left out, because a picture or the music could not be read.
    pub unreadable: Vec<String>,
}

/// Evaluates a projector (by default the pack's own) on a folder of pairs made by `training/pairs/build.py`. The
/// first run indexes the music into a catalog in that folder; later runs only embed the pictures. Nothing is fitted to
/// locked pairs.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::Training`] for bad rows and for a reading that is one too many, those of
/// indexing and of the encoder.
pub fn eval(
    places: &Places,
    pack: &str,
    pairs: &Path,
    projector: Option<&Path>,
    reading: &Reading,
    job: &Job<'_>,
) -> Result<Outcome<PairsDoc>, EngineError> {
    reading.check(Yardstick::Choices)?;
    let opened = packs::open(places, pack)?;
    let projector = packs::projector(&opened, projector)?;
    let Some(embedded) = embed_pairs(places, pack, &opened, pairs, reading, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    let bridge = Network::load(&projector)?;
    let defaults = PairOptions::default();
    let choices = opened.manifest.projector.choices;
    let options = PairOptions {
        fit: !reading.asked().is_locked(),
        named: opened.manifest.visual.kind == VisualKind::Classes,
        slope: choices.map_or(defaults.slope, |known| f64::from(known.slope)),
        ..defaults
    };
    let name = &opened.manifest.name;
    let mut report_progress =
        |progress: Progress| job.report(progress.done, progress.total, progress.phase);
    let report = eval_pairs(
        name,
        &embedded.set,
        &bridge,
        &options,
        &mut report_progress,
        job.cancel(),
    )?;
    let Some(report) = report else {
        return Ok(Outcome::Cancelled(None));
    };
    let use_number = reading.record(
        places,
        Read {
            yardstick: Yardstick::Choices,
            labels: &embedded.digest,
            pack,
            projector: &projector,
            figures: main_figures(&report),
        },
    )?;
    Ok(Outcome::Completed(PairsDoc {
        projector,
        pairs: pairs.to_owned(),
        unreadable: embedded.unreadable,
        part: reading.asked().as_str(),
        use_number,
        report,
    }))
}

/// The figures that the ledger keeps: of the last step.
fn main_figures(report: &PairsReport) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    let Some(step) = report.steps.last() else {
        return figures;
    };
    for (name, figure) in [
        ("mean of games", &step.mean_of_games),
        ("top tenth", &step.top_tenth),
        ("within game", &step.within_game),
    ] {
        noted(&mut figures, name, figure.as_ref());
    }
    let more = [
        ("percentile", Some(step.percentile.mean)),
        ("ten hubs", step.hubs.map(|hubs| hubs.ten_share)),
        (
            "calibration error",
            report.calibration.as_ref().map(|table| table.error),
        ),
    ];
    for (name, value) in more {
        figures.extend(value.map(|value| (name.to_owned(), rounded(value, 4))));
    }
    figures
}

/// Fits a projector (by default the pack's own) to the development pairs of a folder and writes it to `out`, with the
/// names of their games.
///
/// # Errors
/// As [`eval`].
pub fn train(
    places: &Places,
    pack: &str,
    pairs: &Path,
    projector: Option<&Path>,
    out: &Path,
    job: &Job<'_>,
) -> Result<Outcome<FittedDoc>, EngineError> {
    let opened = packs::open(places, pack)?;
    let bridge = Network::load(&packs::projector(&opened, projector)?)?;
    let reading = Reading::Development;
    let Some(embedded) = embed_pairs(places, pack, &opened, pairs, &reading, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    job.report(0, 0, "fitting to the pairs");
    let network = train_pairs(&embedded.set, &bridge, &PairOptions::default())?;
    network.save_fitted(out, &embedded.sources)?;
    Ok(Outcome::Completed(FittedDoc {
        projector: out.to_owned(),
        pairs: pairs.to_owned(),
        unreadable: embedded.unreadable,
    }))
}

/// The vectors of the pairs.
struct EmbeddedPairs {
    set: PairSet,
    unreadable: Vec<String>,
    /// Names of the games as sources of choices, such as `choices:wesnoth`.
    sources: Vec<String>,
    /// SHA-256 of the rows in hexadecimal.
    digest: String,
}

fn embed_pairs(
    places: &Places,
    name: &str,
    pack: &Pack,
    dir: &Path,
    reading: &Reading,
    job: &Job<'_>,
) -> Result<Option<EmbeddedPairs>, EngineError> {
    let read = read_rows::<PairRow>(
        &dir.join("pairs.jsonl"),
        Yardstick::Choices,
        reading.asked(),
    )?;
    // A folder of one part keeps the catalog that it always had.
    let part = match read.dropped {
        0 => String::new(),
        _ => format!("-{}", reading.asked().as_str()),
    };
    let catalog = dir.join(format!("catalog-{}{part}", pack.manifest.audio.space));
    let files = read.rows.iter().map(|row| dir.join(&row.music));
    if !indexed::index_files(places, name, files, &catalog, job)? {
        return Ok(None);
    }
    let catalog = Catalog::open(&catalog)?;
    let mut encoder = open_encoder(pack, &SessionOptions::default())?;
    let mut tracks = Tracks::default();
    let (mut pairs, mut unreadable) = (Vec::new(), Vec::new());
    for (at, row) in read.rows.iter().enumerate() {
        if job.is_cancelled() {
            return Ok(None);
        }
        job.report(at as u64, read.rows.len() as u64, "embedding pictures");
        let track = tracks.of(&catalog, &dir.join(&row.music))?;
        match (track, picture(encoder.as_mut(), dir, row)?) {
            (Some(track), Some(picture)) => pairs.push(Pair {
                game: row.game.clone(),
                picture,
                track,
                weight: row.weight,
            }),
            _ => unreadable.push(format!("{}: {}", row.game, row.title)),
        }
    }
    let set = PairSet::new(&pairs, &tracks.vectors)?;
    let games: BTreeSet<&str> = pairs.iter().map(|pair| pair.game.as_str()).collect();
    Ok(Some(EmbeddedPairs {
        set,
        unreadable,
        sources: games.iter().map(|game| format!("choices:{game}")).collect(),
        digest: read.digest,
    }))
}

/// Vectors of the chosen tracks, each once.
#[derive(Default)]
struct Tracks {
    places: BTreeMap<String, usize>,
    vectors: Vec<Vec<f32>>,
}

impl Tracks {
    /// Index of the track in the file at `path`; `None` for a file that was not indexed.
    fn of(&mut self, catalog: &Catalog, path: &Path) -> Result<Option<usize>, EngineError> {
        let Some(track_id) = indexed::track_id(catalog, path)? else {
            return Ok(None);
        };
        if let Some(&at) = self.places.get(&track_id) {
            return Ok(Some(at));
        }
        self.vectors.push(catalog.vector(&track_id)?);
        self.places.insert(track_id, self.vectors.len() - 1);
        Ok(Some(self.vectors.len() - 1))
    }
}

/// Vector of a pair's pictures, averaged like the frames of a clip; `None` if no picture can be read.
fn picture(
    encoder: &mut dyn FrameEncoder,
    dir: &Path,
    row: &PairRow,
) -> Result<Option<Vec<f32>>, EngineError> {
    let mut mean = ClipMean::new(encoder.dim());
    let mut read = 0;
    for name in &row.pictures {
        let Some(file) = picture_file::read(&dir.join(name)) else {
            continue;
        };
        seen::push(encoder, &file, &mut mean)?;
        read += 1;
    }
    Ok(if read > 0 { Some(mean.finish()?) } else { None })
}
