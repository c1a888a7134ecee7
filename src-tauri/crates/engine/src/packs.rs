//! Opening packs, and `needledrop models …`: list, fetch, import, verify.

use std::path::{Path, PathBuf};

use needledrop_models::{
    FetchOptions, FileProgress, FileState, HttpTransport, ModelError, Pack, fetch, import,
    match_files,
};
use serde::Serialize;

use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::places::Places;

/// The projector given, or the pack's own.
pub(crate) fn projector(pack: &Pack, given: Option<&Path>) -> Result<PathBuf, EngineError> {
    match given {
        Some(file) => Ok(file.to_owned()),
        None => Ok(pack.file(&pack.manifest.projector.file)?),
    }
}

/// Opens a pack by name or folder. Files that are fetched or imported for it go to the data
/// folder, so that a read-only installation can be completed.
///
/// # Errors
/// [`EngineError::UnknownPack`], or [`EngineError::Model`] for a bad manifest.
pub fn open(places: &Places, name: &str) -> Result<Pack, EngineError> {
    let pack = Pack::open(&places.pack_dir(name)?)?;
    let store = places.data.join("models").join(&pack.manifest.name);
    Ok(pack.with_store(store))
}

/// A pack as `models list` shows it.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Serialize)]
pub struct PackRow {
    /// Name.
    pub name: String,
    /// Version.
    pub version: u32,
    /// One line about it.
    pub title: String,
    /// True where it stands in for a better one.
    pub stand_in: bool,
    /// SPDX expression over all its files.
    pub licence: String,
    /// Id of its audio space.
    pub space: String,
    /// Folder of its manifest.
    pub path: PathBuf,
    /// Files that are not on this machine, or that have another length than recorded.
    pub missing: Vec<String>,
    /// True when all files are here.
    pub ready: bool,
}

/// All packs of this machine, by name. A folder whose manifest is not valid is left out and
/// logged.
pub fn list(places: &Places) -> Vec<PackRow> {
    let mut rows = Vec::new();
    for dir in places.pack_dirs() {
        match open(places, &dir.to_string_lossy()) {
            Ok(pack) => rows.push(row(&pack)),
            Err(error) => tracing::error!("{error}"),
        }
    }
    rows
}

fn row(pack: &Pack) -> PackRow {
    let manifest = &pack.manifest;
    let here = |path: &str| {
        [&pack.dir, &pack.store]
            .iter()
            .any(|dir| dir.join(path).is_file())
    };
    let missing: Vec<String> = manifest
        .files
        .iter()
        .map(|f| f.path.clone())
        .filter(|path| !here(path))
        .collect();
    PackRow {
        name: manifest.name.clone(),
        version: manifest.version,
        title: manifest.title.clone(),
        stand_in: manifest.stand_in,
        licence: manifest.licence.clone(),
        space: manifest.audio.space.clone(),
        path: pack.dir.clone(),
        ready: missing.is_empty(),
        missing,
    }
}

/// What happened to one file of a pack.
#[derive(Debug, Serialize)]
pub struct FileRow {
    /// Path inside the pack.
    pub path: String,
    /// `good`, `missing`, `unrecorded`, `corrupt`, `fetched`, `imported` or `present`.
    pub state: &'static str,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 found, lower-case hex, where the file was read.
    pub sha256: Option<String>,
    /// SHA-256 recorded, where it differs.
    pub expected: Option<String>,
}

/// What `models fetch`, `import` and `verify` did with a pack.
#[derive(Debug, Serialize)]
pub struct PackReport {
    /// Name of the pack.
    pub pack: String,
    /// True when every file is here and as recorded.
    pub good: bool,
    /// Its files.
    pub files: Vec<FileRow>,
}

/// Reads every file of a pack and compares it with its checksum.
///
/// # Errors
/// [`EngineError::Model`] where a file cannot be read. A missing or corrupt file is in the
/// report.
pub fn verify(
    places: &Places,
    name: &str,
    job: &Job<'_>,
) -> Result<Outcome<PackReport>, EngineError> {
    let pack = open(places, name)?;
    let verified = pack.verify(&mut |p| tell(job, &p), job.cancel())?;
    let Some(verified) = verified else {
        return Ok(Outcome::Cancelled(None));
    };
    let good = verified.is_good();
    let files = verified
        .files
        .into_iter()
        .map(|file| {
            let (state, sha256, expected) = match file.state {
                FileState::Good => ("good", None, None),
                FileState::Missing => ("missing", None, None),
                FileState::Unrecorded { actual } => ("unrecorded", Some(actual), None),
                FileState::Corrupt { expected, actual } => {
                    ("corrupt", Some(actual), Some(expected))
                }
            };
            FileRow {
                path: file.path,
                state,
                bytes: file.bytes,
                sha256,
                expected,
            }
        })
        .collect();
    Ok(Outcome::Completed(PackReport {
        pack: pack.manifest.name,
        good,
        files,
    }))
}

/// Downloads what a pack lacks, from `source` or from where its manifest says.
///
/// # Errors
/// [`EngineError::Model`]; what has arrived is kept and the next call resumes.
pub fn fetch_files(
    places: &Places,
    name: &str,
    source: Option<String>,
    job: &Job<'_>,
) -> Result<Outcome<PackReport>, EngineError> {
    let pack = open(places, name)?;
    let transport = HttpTransport::new().map_err(|error| ModelError::Fetch {
        file: pack.manifest.name.clone(),
        reason: error.to_string(),
        url: source.clone().unwrap_or_default(),
    })?;
    let options = FetchOptions {
        source,
        ..FetchOptions::default()
    };
    let fetched = fetch(
        &pack,
        &options,
        &transport,
        &mut |p| tell(job, &p),
        job.cancel(),
    )?;
    let Some(fetched) = fetched else {
        return Ok(Outcome::Cancelled(None));
    };
    let files = fetched
        .files
        .into_iter()
        .map(|file| FileRow {
            path: file.path,
            state: if file.already_present {
                "present"
            } else {
                "fetched"
            },
            bytes: file.bytes,
            sha256: Some(file.sha256),
            expected: None,
        })
        .collect();
    let good = row(&pack).ready;
    Ok(Outcome::Completed(PackReport {
        pack: pack.manifest.name,
        good,
        files,
    }))
}

/// Copies files that the user has into a pack.
///
/// # Errors
/// [`EngineError::Model`] for a file that is none of the pack's or not what is recorded.
pub fn import_files(
    places: &Places,
    name: &str,
    files: &[PathBuf],
    job: &Job<'_>,
) -> Result<Outcome<PackReport>, EngineError> {
    let pack = open(places, name)?;
    let items = match_files(&pack, files)?;
    let imported = import(&pack, &items, &mut |p| tell(job, &p), job.cancel())?;
    let Some(imported) = imported else {
        return Ok(Outcome::Cancelled(None));
    };
    let mut files: Vec<FileRow> = imported
        .files
        .into_iter()
        .map(|file| FileRow {
            path: file.path,
            state: "imported",
            bytes: file.bytes,
            sha256: Some(file.sha256),
            expected: None,
        })
        .collect();
    let good = imported.still_missing.is_empty();
    files.extend(imported.still_missing.into_iter().map(|path| FileRow {
        path,
        state: "missing",
        bytes: 0,
        sha256: None,
        expected: None,
    }));
    Ok(Outcome::Completed(PackReport {
        pack: pack.manifest.name,
        good,
        files,
    }))
}

fn tell(job: &Job<'_>, progress: &FileProgress<'_>) {
    job.report(progress.done, progress.total.unwrap_or(0), progress.file);
}
