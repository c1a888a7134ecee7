//! `needledrop eval pictures`: labelled pictures and clips, and the place of each one's own brief among all briefs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use needledrop_training::yardstick::pictures::{PictureRow, PicturesReport, SeenPicture, report};
use needledrop_training::yardstick::places::place;
use needledrop_training::yardstick::rows::read_rows;
use needledrop_training::yardstick::split::Yardstick;
use serde::Serialize;

use super::reading::{Read, Reading, noted};
use super::seen::{self, Seen};
use crate::clip::encoder::{ClipEncoder, Projection};
use crate::error::{Class, EngineError};
use crate::file_doc;
use crate::job::{Job, Outcome};
use crate::music::mood::PictureMood;
use crate::music::text::{MusicText, dot};
use crate::packs;
use crate::places::Places;

/// File of the rows in the folder of the yardstick.
const ROWS: &str = "pictures.jsonl";

/// An evaluation on labelled pictures.
#[derive(Debug, Serialize)]
pub struct PicturesDoc {
    /// File of the projector that was evaluated.
    #[serde(serialize_with = "file_doc::text")]
    pub projector: PathBuf,
    /// Folder with pictures.jsonl.
    #[serde(serialize_with = "file_doc::text")]
    pub pictures: PathBuf,
    /// Pictures and clips that were left out, because they could not be read.
    pub unreadable: Vec<String>,
    /// Number of this reading of the locked part; absent for the development part.
    pub use_number: Option<usize>,
    /// Figures of all pictures and of each kind.
    pub report: PicturesReport,
}

/// A picture as the product sees it.
struct Embedded<'a> {
    row: &'a PictureRow,
    /// In the audio space, of length 1.
    projected: Vec<f32>,
    mood: PictureMood,
}

/// Evaluates a projector (by default the pack's own) on a folder of labelled pictures.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::Training`] for bad rows and for a reading that is one too many, and
/// those of the encoder.
pub fn eval(
    places: &Places,
    pack: &str,
    dir: &Path,
    projector: Option<&Path>,
    reading: &Reading,
    job: &Job<'_>,
) -> Result<Outcome<PicturesDoc>, EngineError> {
    reading.check(Yardstick::Pictures)?;
    let opened = packs::open(places, pack)?;
    let projector = packs::projector(&opened, projector)?;
    let read = read_rows::<PictureRow>(&dir.join(ROWS), Yardstick::Pictures, reading.asked())?;
    let briefs: Vec<&str> = read.rows.iter().map(|row| row.brief.as_str()).collect();
    job.report(0, 0, "embedding briefs");
    let briefs = MusicText::open(&opened, 0)?.embed(&briefs)?;
    let mut unreadable = Vec::new();
    let Some(embedded) = embed(
        places,
        pack,
        &projector,
        dir,
        &read.rows,
        &mut unreadable,
        job,
    )?
    else {
        return Ok(Outcome::Cancelled(None));
    };
    let sources: Vec<&str> = read.rows.iter().map(|row| row.source.as_str()).collect();
    let seen = embedded.iter().filter_map(|(own, picture)| {
        let scores: Vec<f32> = briefs.iter().map(|b| dot(&picture.projected, b)).collect();
        let place = place(&scores, *own, |at| sources[at] == sources[*own])?;
        Some(SeenPicture {
            row: picture.row,
            place,
            valence: f64::from(picture.mood.valence),
            arousal: f64::from(picture.mood.arousal),
        })
    });
    let seen: Vec<SeenPicture<'_>> = seen.collect();
    let name = &opened.manifest.name;
    let report = report(name, reading.asked().as_str(), briefs.len(), &seen);
    let use_number = reading.record(
        places,
        Read {
            yardstick: Yardstick::Pictures,
            labels: &read.digest,
            pack,
            projector: &projector,
            figures: main_figures(&report),
        },
    )?;
    Ok(Outcome::Completed(PicturesDoc {
        projector,
        pictures: dir.to_owned(),
        unreadable,
        use_number,
        report,
    }))
}

/// The pictures that can be read, each with the index of its row. `None` when cancelled.
fn embed<'a>(
    places: &Places,
    pack: &str,
    projector: &Path,
    dir: &Path,
    rows: &'a [PictureRow],
    unreadable: &mut Vec<String>,
    job: &Job<'_>,
) -> Result<Option<Vec<(usize, Embedded<'a>)>>, EngineError> {
    let mut encoder = ClipEncoder::new(places, pack, None)?;
    let projection = Projection::open(encoder.pack(), &places.cache, projector)?;
    let mut embedded = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        if job.is_cancelled() {
            return Ok(None);
        }
        job.report(at as u64, rows.len() as u64, "embedding pictures and clips");
        let path = dir.join(&row.file);
        let Some(seen) = see(places, &mut encoder, row, &path, job)? else {
            unreadable.push(format!("{}: {}", row.source, row.item));
            continue;
        };
        let projected = projection.projector.project(&seen.vector)?;
        let mood = projection.mood(&seen.vector, &projected, seen.feeling);
        embedded.push((
            at,
            Embedded {
                row,
                projected,
                mood,
            },
        ));
    }
    Ok((!job.is_cancelled()).then_some(embedded))
}

/// `None` for a file that cannot be read, and when cancelled.
fn see(
    places: &Places,
    encoder: &mut ClipEncoder,
    row: &PictureRow,
    path: &Path,
    job: &Job<'_>,
) -> Result<Option<Seen>, EngineError> {
    if !row.clip {
        return seen::still(encoder, path);
    }
    // The steps of one clip do not show as the progress of the whole work.
    let quiet = Job::new(job.cancel().clone(), &|_| ());
    match seen::clip(places, encoder, path, row.range_s, &quiet) {
        Err(EngineError::Media(error)) => {
            let error = EngineError::from(error);
            match error.class() {
                Class::Input | Class::NotFound => Ok(None),
                Class::Refused | Class::Internal => Err(error),
            }
        }
        seen => seen,
    }
}

/// The figures that the ledger keeps.
fn main_figures(report: &PicturesReport) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    for kind in &report.kinds {
        for (what, figure) in [
            ("percentile", &kind.percentile),
            ("arousal", &kind.arousal),
            ("valence", &kind.valence),
        ] {
            noted(
                &mut figures,
                &format!("{}: {what}", kind.kind),
                figure.as_ref(),
            );
        }
    }
    figures
}
