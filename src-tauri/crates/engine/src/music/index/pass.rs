//! One pass: finds the files of the folders, and analyses those that need it.

use std::path::PathBuf;
use std::time::Instant;

use needledrop_catalog::Catalog;
use needledrop_catalog::search::CellsWanted;

use super::indexing::Indexing;
use super::report::{FailedFile, IndexReport};
use super::run_lock::RunLock;
use super::walk::{MusicFile, walk};
use super::work::analyse;
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::music::mood::MoodScale;
use crate::packs;
use crate::places::Places;

/// The music to index and the catalog to write.
#[derive(Clone, Debug)]
pub struct IndexRequest {
    /// Folders of music, or single files.
    pub folders: Vec<PathBuf>,
    /// Folder of the catalog; made if it does not exist.
    pub catalog: PathBuf,
    /// Model pack, by name or folder.
    pub pack: String,
    /// A credits file for all folders.
    pub credits: Option<PathBuf>,
    /// Number of files analysed at once; one per core where absent.
    pub jobs: Option<usize>,
    /// Whether to analyse unchanged files again that failed before.
    pub retry: bool,
    /// Builds the cells of the search for a catalog of any size, not only where they make searches faster.
    pub cells: bool,
}

/// Indexes folders into a catalog.
///
/// # Errors
/// [`EngineError::FolderMissing`], [`EngineError::NoMusic`], [`EngineError::BadCredits`], and
/// those of a pack or catalog that cannot be used, [`EngineError::CatalogBusy`] while another run writes to the
/// catalog. Finished files are kept.
pub fn index(
    places: &Places,
    request: &IndexRequest,
    job: &Job<'_>,
) -> Result<Outcome<IndexReport>, EngineError> {
    pass(places, request, job, None)
}

/// Decides whether a new or changed file is left for a later pass.
pub(super) type Hold<'a> = &'a mut dyn FnMut(&MusicFile) -> bool;

/// Makes one pass. Later passes have `hold`; for them a folder without music is no error.
pub(super) fn pass(
    places: &Places,
    request: &IndexRequest,
    job: &Job<'_>,
    hold: Option<Hold<'_>>,
) -> Result<Outcome<IndexReport>, EngineError> {
    let started = Instant::now();
    let pack = packs::open(places, &request.pack)?;
    job.report(0, 0, "reading the folders");
    let walked = walk(&request.folders, request.credits.as_deref(), job.cancel())?;
    let Outcome::Completed(found) = walked else {
        return Ok(Outcome::Cancelled(None));
    };
    if found.files.is_empty() && hold.is_none() {
        return Err(EngineError::NoMusic {
            paths: request.folders.clone(),
        });
    }
    let _run = RunLock::take(&request.catalog)?;
    let audio = &pack.manifest.audio;
    let name = request
        .catalog
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into());
    let catalog = Catalog::open_or_create(&request.catalog, &audio.space, audio.dim, &name)?;

    let mut indexing = Indexing::new(catalog, found.files.len())?;
    indexing.moods = MoodScale::of_pack(&pack, &places.cache)?;
    for (path, reason) in found.unreadable {
        let message = format!("cannot be read: {reason}: {}", path.display());
        let code = "unreadable".to_owned();
        indexing.report.failed.push(FailedFile {
            path,
            code,
            message,
        });
    }
    let mut todo = indexing.compare(found.files, request.retry && hold.is_none())?;
    if let Some(hold) = hold {
        todo.retain(|file| !hold(file));
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = request.jobs.unwrap_or(cores).clamp(1, todo.len().max(1));
    analyse(&pack, &todo, threads, job, |event| {
        indexing.take(&todo, event)
    })?;
    indexing.mark_missing(&request.folders)?;
    let cells = match request.cells {
        true => CellsWanted::Always,
        false => CellsWanted::WhereItPays,
    };
    indexing.finish(started, cells, job)
}
