//! `needledrop eval pairs` and `needledrop train pairs`: pictures with the music that people chose for them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use needledrop_catalog::{Catalog, FileState};
use needledrop_models::Pack;
use needledrop_models::runtime::SessionOptions;
use needledrop_training::{
    Network, Pair, PairOptions, PairRow, PairSet, PairsReport, Progress, eval_pairs, read_pairs,
    train_pairs,
};
use needledrop_vision::{ClipMean, FrameEncoder, Picture, informative, open_encoder};
use serde::Serialize;

use crate::error::EngineError;
use crate::file_doc;
use crate::files::modified_ns;
use crate::job::{Job, Outcome};
use crate::learning::picture_file;
use crate::music::index::{IndexRequest, index};
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
/// first run indexes the music into a catalog in that folder; later runs only embed the pictures.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::Training`], those of indexing and of the encoder.
pub fn eval(
    places: &Places,
    pack: &str,
    pairs: &Path,
    projector: Option<&Path>,
    job: &Job<'_>,
) -> Result<Outcome<PairsDoc>, EngineError> {
    let opened = packs::open(places, pack)?;
    let projector = packs::projector(&opened, projector)?;
    let Some(embedded) = embed_pairs(places, pack, &opened, pairs, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    let bridge = Network::load(&projector)?;
    let options = PairOptions::default();
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
    Ok(Outcome::from(report).map(|report| PairsDoc {
        projector,
        pairs: pairs.to_owned(),
        unreadable: embedded.unreadable,
        report,
    }))
}

/// Fits a projector (by default the pack's own) to a folder of pairs and writes it to `out`.
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
    let Some(embedded) = embed_pairs(places, pack, &opened, pairs, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    job.report(0, 0, "fitting to the pairs");
    let network = train_pairs(&embedded.set, &bridge, &PairOptions::default())?;
    network.save(out)?;
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
}

fn embed_pairs(
    places: &Places,
    name: &str,
    pack: &Pack,
    dir: &Path,
    job: &Job<'_>,
) -> Result<Option<EmbeddedPairs>, EngineError> {
    let rows = read_pairs(&dir.join("pairs.jsonl"))?;
    let request = IndexRequest {
        folders: vec![dir.join("music")],
        catalog: dir.join(format!("catalog-{}", pack.manifest.audio.space)),
        pack: name.to_owned(),
        credits: None,
        jobs: None,
        retry: false,
        cells: false,
    };
    if matches!(index(places, &request, job)?, Outcome::Cancelled(_)) {
        return Ok(None);
    }
    let catalog = Catalog::open(&request.catalog)?;
    let mut encoder = open_encoder(pack, &SessionOptions::default())?;
    let mut tracks = Tracks::default();
    let (mut pairs, mut unreadable) = (Vec::new(), Vec::new());
    for (at, row) in rows.iter().enumerate() {
        if job.is_cancelled() {
            return Ok(None);
        }
        job.report(at as u64, rows.len() as u64, "embedding pictures");
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
    Ok(Some(EmbeddedPairs { set, unreadable }))
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
        let Ok(path) = path.canonicalize() else {
            return Ok(None);
        };
        let Ok(meta) = path.metadata() else {
            return Ok(None);
        };
        let state = catalog.file_state(&path, meta.len(), modified_ns(&meta))?;
        let FileState::Unchanged { track_id, .. } = state else {
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
        let picture = Picture {
            width: file.width,
            height: file.height,
            rgb: &file.rgb,
        };
        for vector in encoder.encode(&[picture])? {
            mean.push(&vector, 1.0, informative(&picture))?;
            read += 1;
        }
    }
    Ok(if read > 0 { Some(mean.finish()?) } else { None })
}
