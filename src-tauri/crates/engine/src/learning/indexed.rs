//! Music files of a yardstick in a catalog of their own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use needledrop_catalog::{Catalog, FileState};

use crate::error::EngineError;
use crate::files::modified_ns;
use crate::job::{Job, Outcome};
use crate::music::index::{IndexRequest, index};
use crate::places::Places;

/// Indexes the files of a yardstick that exist into `catalog`; later runs find them indexed. `false` when cancelled.
pub(super) fn index_files(
    places: &Places,
    pack: &str,
    files: impl Iterator<Item = PathBuf>,
    catalog: &Path,
    job: &Job<'_>,
) -> Result<bool, EngineError> {
    let files: BTreeSet<PathBuf> = files.filter(|file| file.is_file()).collect();
    let request = IndexRequest {
        folders: files.into_iter().collect(),
        catalog: catalog.to_owned(),
        pack: pack.to_owned(),
        credits: None,
        jobs: None,
        retry: false,
        cells: false,
    };
    Ok(!matches!(
        index(places, &request, job)?,
        Outcome::Cancelled(_)
    ))
}

/// Id of the track in the file at `path`; `None` for a file that was not indexed.
pub(super) fn track_id(catalog: &Catalog, path: &Path) -> Result<Option<String>, EngineError> {
    let Ok(path) = path.canonicalize() else {
        return Ok(None);
    };
    let Ok(meta) = path.metadata() else {
        return Ok(None);
    };
    let state = catalog.file_state(&path, meta.len(), modified_ns(&meta))?;
    Ok(match state {
        FileState::Unchanged { track_id, .. } => Some(track_id),
        _ => None,
    })
}
