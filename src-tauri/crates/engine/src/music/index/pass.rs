//! One pass over the folders of an index.

use std::path::PathBuf;
use std::time::Instant;

use needledrop_catalog::Catalog;
use needledrop_catalog::search::GraphWanted;

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

/// What to index.
#[derive(Clone, Debug)]
pub struct IndexRequest {
    /// Folders of music, or single files.
    pub folders: Vec<PathBuf>,
    /// Folder of the catalog; made where there is none.
    pub catalog: PathBuf,
    /// Model pack, by name or folder.
    pub pack: String,
    /// Credits for all folders.
    pub credits: Option<PathBuf>,
    /// Files analysed at once; one a core where absent.
    pub jobs: Option<usize>,
    /// Tries files again that could not be analysed before, though they did not change.
    pub retry: bool,
    /// Builds the search graph for a catalog of any size, not only where it makes searches faster.
    pub graph: bool,
}

/// Indexes folders into a catalog.
///
/// # Errors
/// [`EngineError::FolderMissing`], [`EngineError::NoMusic`], [`EngineError::BadCredits`], and
/// those of a pack or catalog that cannot be used. What was done by then is kept.
pub fn index(
    places: &Places,
    request: &IndexRequest,
    job: &Job<'_>,
) -> Result<Outcome<IndexReport>, EngineError> {
    pass(places, request, job, None)
}

/// Says of a file that is new or changed whether it is left for a later pass.
pub(super) type Hold<'a> = &'a mut dyn FnMut(&MusicFile) -> bool;

/// Looks once through all folders. Later passes are given `hold`; for them a folder without music is no error.
pub(super) fn pass(
    places: &Places,
    request: &IndexRequest,
    job: &Job<'_>,
    hold: Option<Hold<'_>>,
) -> Result<Outcome<IndexReport>, EngineError> {
    let started = Instant::now();
    let pack = packs::open(places, &request.pack)?;
    job.report(0, 0, "looking for music");
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
    let graph = match request.graph {
        true => GraphWanted::Always,
        false => GraphWanted::WhereItPays,
    };
    indexing.finish(started, graph, job)
}
