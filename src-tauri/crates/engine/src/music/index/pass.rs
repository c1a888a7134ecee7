//! One pass: finds the files of the folders, and analyses those that need it.

use std::path::PathBuf;
use std::time::Instant;

use needledrop_catalog::Catalog;
use needledrop_catalog::search::CellsWanted;

use super::content::OtherFiles;
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
/// those of a pack or catalog that cannot be used. Finished files are kept. A run waits while another one writes to the
/// catalog.
pub fn index(
    places: &Places,
    request: &IndexRequest,
    job: &Job<'_>,
) -> Result<Outcome<IndexReport>, EngineError> {
    pass(places, request, job, &mut OtherFiles::default(), None)
}

/// Decides whether a new or changed file is left for a later pass.
pub(super) type Hold<'a> = &'a mut dyn FnMut(&MusicFile) -> bool;

/// Makes one pass. Later passes have `hold`; for them a folder without music is no error.
pub(super) fn pass(
    places: &Places,
    request: &IndexRequest,
    job: &Job<'_>,
    others: &mut OtherFiles,
    hold: Option<Hold<'_>>,
) -> Result<Outcome<IndexReport>, EngineError> {
    let started = Instant::now();
    let pack = packs::open(places, &request.pack)?;
    job.report(0, 0, "reading the folders");
    let walked = walk(&request.folders, request.credits.as_deref(), job.cancel())?;
    let Outcome::Completed(mut found) = walked else {
        return Ok(Outcome::Cancelled(None));
    };
    if hold.is_none() && found.unreadable.is_empty() && !others.any_music(&found.files) {
        return Err(EngineError::NoMusic {
            paths: request.folders.clone(),
        });
    }
    let Outcome::Completed(_run) = RunLock::take(&request.catalog, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    let audio = &pack.manifest.audio;
    let name = request
        .catalog
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into());
    let catalog = Catalog::open_or_create(&request.catalog, &audio.space, audio.dim, &name)?;

    let mut indexing = Indexing::new(catalog)?;
    indexing.moods = MoodScale::of_pack(&pack, &places.cache)?;
    for (path, reason) in found.unreadable {
        let message = format!("cannot be read: {reason}: {}", path.display());
        let code = "unreadable".to_owned();
        indexing.report.failed.push(FailedFile {
            file: path.as_path().into(),
            code,
            message,
        });
    }
    let compared = indexing.compare(found.files, request.retry && hold.is_none())?;
    let mut todo = compared.new;
    others.take_out(&mut todo, &mut found.passed_over, job);
    todo.extend(compared.changed);
    todo.sort_by(|a, b| a.path.cmp(&b.path));
    let report = &mut indexing.report;
    report.found = report.unchanged + report.failed.len() + todo.len();
    report.passed_over = found.passed_over.into_groups();
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
