//! `needledrop eval pairs` and `needledrop train pairs`: pictures and the music that a person
//! chose for them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use image::ImageReader;
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
use crate::files::modified_ns;
use crate::job::{Job, Outcome};
use crate::music::index::{IndexRequest, index};
use crate::packs;
use crate::places::Places;

/// Longest side of a picture of a pair, in pixels.
const LONGEST_SIDE: u32 = 8192;
/// Most memory that decoding one picture may take.
const DECODE_BYTES: u64 = 512 << 20;

/// A report with the files it speaks of.
#[derive(Debug, Serialize)]
pub struct PairsDoc {
    /// The projector that was scored.
    pub projector: PathBuf,
    /// Folder of the pairs.
    pub pairs: PathBuf,
    /// Pairs whose picture or music could not be read, left out.
    pub unreadable: Vec<String>,
    /// Where the chosen track lands among all of them.
    pub report: PairsReport,
}

/// A projector fitted to pairs.
#[derive(Debug, Serialize)]
pub struct FittedDoc {
    /// The new projector.
    pub projector: PathBuf,
    /// Folder of the pairs.
    pub pairs: PathBuf,
    /// Pairs whose picture or music could not be read, left out.
    pub unreadable: Vec<String>,
}

/// Scores a projector (the pack's own where none is named) on a folder of pairs as
/// `training/pairs/build.py` makes it. The music is indexed into a catalog in that folder, so a
/// second run only looks at the pictures.
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
    let Some(seen) = see(places, pack, &opened, pairs, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    let bridge = Network::load(&projector)?;
    let options = PairOptions::default();
    let name = &opened.manifest.name;
    let mut told = |progress: Progress| job.report(progress.done, progress.total, progress.phase);
    let report = eval_pairs(name, &seen.set, &bridge, &options, &mut told, job.cancel())?;
    Ok(Outcome::from(report).map(|report| PairsDoc {
        projector,
        pairs: pairs.to_owned(),
        unreadable: seen.unreadable,
        report,
    }))
}

/// Fits a projector (the pack's own where none is named) to a folder of pairs and writes it to
/// `out`.
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
    let Some(seen) = see(places, pack, &opened, pairs, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    job.report(0, 0, "fitting to the pairs");
    let network = train_pairs(&seen.set, &bridge, &PairOptions::default())?;
    network.save(out)?;
    Ok(Outcome::Completed(FittedDoc {
        projector: out.to_owned(),
        pairs: pairs.to_owned(),
        unreadable: seen.unreadable,
    }))
}

/// Pairs as vectors, and those that could not be read.
struct Seen {
    set: PairSet,
    unreadable: Vec<String>,
}

fn see(
    places: &Places,
    name: &str,
    pack: &Pack,
    dir: &Path,
    job: &Job<'_>,
) -> Result<Option<Seen>, EngineError> {
    let rows = read_pairs(&dir.join("pairs.jsonl"))?;
    let request = IndexRequest {
        folders: vec![dir.join("music")],
        catalog: dir.join(format!("catalog-{}", pack.manifest.audio.space)),
        pack: name.to_owned(),
        credits: None,
        jobs: None,
        retry: false,
        graph: false,
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
        job.report(at as u64, rows.len() as u64, "looking at the pictures");
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
    Ok(Some(Seen { set, unreadable }))
}

/// The tracks that were chosen, each once.
#[derive(Default)]
struct Tracks {
    places: BTreeMap<String, usize>,
    vectors: Vec<Vec<f32>>,
}

impl Tracks {
    /// Number of the track in the file at `path`; `None` where it was not indexed.
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

/// Mean of the pictures of a pair, as the frames of a clip; `None` where none can be read.
fn picture(
    encoder: &mut dyn FrameEncoder,
    dir: &Path,
    row: &PairRow,
) -> Result<Option<Vec<f32>>, EngineError> {
    let mut mean = ClipMean::new(encoder.dim());
    let mut read = 0;
    for name in &row.pictures {
        let Some(image) = read_picture(&dir.join(name)) else {
            continue;
        };
        let picture = Picture {
            width: image.width(),
            height: image.height(),
            rgb: image.as_raw(),
        };
        for vector in encoder.encode(&[picture])? {
            mean.push(&vector, 1.0, informative(&picture))?;
            read += 1;
        }
    }
    Ok(if read > 0 { Some(mean.finish()?) } else { None })
}

fn read_picture(path: &Path) -> Option<image::RgbImage> {
    let mut reader = ImageReader::open(path).ok()?.with_guessed_format().ok()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(DECODE_BYTES);
    reader.limits(limits);
    Some(reader.decode().ok()?.into_rgb8())
}
