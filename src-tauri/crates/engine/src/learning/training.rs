//! `needledrop train bridge` and `needledrop eval bridge`: the projector and its written pairs.

use std::path::{Path, PathBuf};

use needledrop_models::{ImportItem, import};
use needledrop_training::{BridgeReport, Progress, TrainOptions, eval_bridge, train_bridge};
use serde::Serialize;

use crate::error::EngineError;
use crate::file_doc;
use crate::job::{Job, Outcome};
use crate::packs;
use crate::places::Places;

/// An evaluation and the files that it used.
#[derive(Debug, Serialize)]
pub struct BridgeDoc {
    /// File of the projector.
    #[serde(serialize_with = "file_doc::text")]
    pub projector: PathBuf,
    /// File or folder of the written pairs.
    #[serde(serialize_with = "file_doc::text")]
    pub pairs: PathBuf,
    /// Scores on rows that were held out of training.
    pub report: BridgeReport,
}

/// Trains a projector for a pack on written pairs (by default the project's own) and writes it to `out`, with its
/// report beside it. The default for `out` is a folder of the user's data, so that training does not change the pack
/// in use; only a pack whose projector is made on the user's machine takes the new one in.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::NoPairs`], [`EngineError::Training`].
pub fn train(
    places: &Places,
    pack: &str,
    pairs: Option<&Path>,
    out: Option<&Path>,
    seed: u64,
    job: &Job<'_>,
) -> Result<Outcome<BridgeDoc>, EngineError> {
    let pack = packs::open(places, pack)?;
    let pairs = written_pairs(places, pairs)?;
    let projector = out.map_or_else(
        || {
            places
                .data
                .join("training")
                .join(&pack.manifest.name)
                .join("projector.safetensors")
        },
        Path::to_owned,
    );
    if let Some(dir) = projector.parent() {
        std::fs::create_dir_all(dir).map_err(|source| EngineError::Io {
            doing: "make the folder",
            path: dir.to_owned(),
            source,
        })?;
    }
    let options = TrainOptions {
        seed,
        ..TrainOptions::default()
    };
    let mut report_progress = |progress: Progress| report_step(job, progress);
    let report = train_bridge(
        &pack,
        &pairs,
        &projector,
        &options,
        &mut report_progress,
        job.cancel(),
    )?;
    let entry = pack.manifest.entry(&pack.manifest.projector.file);
    if report.is_some() && out.is_none() && entry.is_some_and(|e| e.made_by.is_some()) {
        let item = ImportItem {
            path: pack.manifest.projector.file.clone(),
            from: projector.clone(),
        };
        import(&pack, &[item], &mut |_| {}, job.cancel())?;
    }
    Ok(outcome(report, projector, pairs))
}

/// Evaluates a projector (by default the pack's own) on held-out written pairs.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::NoPairs`], [`EngineError::Training`].
pub fn eval(
    places: &Places,
    pack: &str,
    pairs: Option<&Path>,
    projector: Option<&Path>,
    job: &Job<'_>,
) -> Result<Outcome<BridgeDoc>, EngineError> {
    let pack = packs::open(places, pack)?;
    let pairs = written_pairs(places, pairs)?;
    let projector = packs::projector(&pack, projector)?;
    let mut report_progress = |progress: Progress| report_step(job, progress);
    let report = eval_bridge(
        &pack,
        &pairs,
        &projector,
        &mut report_progress,
        job.cancel(),
    )?;
    Ok(outcome(report, projector, pairs))
}

fn written_pairs(places: &Places, given: Option<&Path>) -> Result<PathBuf, EngineError> {
    match (given, &places.checkout) {
        (Some(path), _) => Ok(path.to_owned()),
        (None, Some(top)) => Ok(top.join("training/bridge")),
        (None, None) => Err(EngineError::NoPairs),
    }
}

fn outcome(report: Option<BridgeReport>, projector: PathBuf, pairs: PathBuf) -> Outcome<BridgeDoc> {
    Outcome::from(report).map(|report| BridgeDoc {
        projector,
        pairs,
        report,
    })
}

fn report_step(job: &Job<'_>, progress: Progress) {
    match progress.score {
        Some(score) => {
            let phase = format!("{}, score {score:.3}", progress.phase);
            job.report(progress.done, progress.total, &phase);
        }
        None => job.report(progress.done, progress.total, progress.phase),
    }
}
