//! Model packs: opening one, and `needledrop models list`, `fetch`, `import` and `verify`.

use std::path::{Path, PathBuf};

use needledrop_models::{
    FetchOptions, FileProgress, FileState, HttpTransport, ModelError, Pack, fetch, import,
    match_files,
};
use serde::Serialize;

use crate::error::EngineError;
use crate::file_doc::FileDoc;
use crate::job::{Job, Outcome};
use crate::places::Places;

/// The file of the projector: `given`, or the pack's own.
pub(crate) fn projector(pack: &Pack, given: Option<&Path>) -> Result<PathBuf, EngineError> {
    match given {
        Some(file) => Ok(file.to_owned()),
        None => Ok(pack.file(&pack.manifest.projector.file)?),
    }
}

/// Opens a pack by name or folder. Its fetched and imported files go to the data folder, because the pack's own
/// folder may be read-only.
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
    /// The name that `--pack` takes.
    pub name: String,
    /// Goes up when a file of the pack changes.
    pub version: u32,
    /// One line that describes the pack.
    pub title: String,
    /// Whether the pack is a smaller substitute for another one.
    pub stand_in: bool,
    /// SPDX expression that covers all its files.
    pub licence: String,
    /// Id of its audio space; a catalog has to have the same.
    pub space: String,
    /// The folder with `pack.toml`.
    #[serde(flatten)]
    pub file: FileDoc,
    /// Files that are not on this machine.
    pub missing: Vec<String>,
    /// Whether no file is missing.
    pub ready: bool,
}

/// All packs of this machine, sorted by name. A pack with an invalid manifest is logged and left out.
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
        file: pack.dir.as_path().into(),
        ready: missing.is_empty(),
        missing,
    }
}

/// The state of one file of a pack.
#[derive(Debug, Serialize)]
pub struct FileRow {
    /// Relative to the folder of the pack.
    pub path: String,
    /// `good`, `missing`, `unrecorded`, `corrupt`, `fetched`, `imported` or `present`.
    pub state: &'static str,
    /// Length of the file that was found or written.
    pub bytes: u64,
    /// SHA-256 in lower-case hex; absent where the file was not read.
    pub sha256: Option<String>,
    /// SHA-256 in the manifest, where the file has another one.
    pub expected: Option<String>,
}

/// The result of `models fetch`, `import` and `verify`.
#[derive(Debug, Serialize)]
pub struct PackReport {
    /// Name of the pack.
    pub pack: String,
    /// Whether all files are here with the recorded checksums.
    pub good: bool,
    /// The files that the command read or wrote, and those still missing.
    pub files: Vec<FileRow>,
}

/// Compares every file of a pack with its recorded checksum.
///
/// # Errors
/// [`EngineError::Model`] for a file that cannot be read. A missing or corrupt file is no error but part of the
/// report.
pub fn verify(
    places: &Places,
    name: &str,
    job: &Job<'_>,
) -> Result<Outcome<PackReport>, EngineError> {
    let pack = open(places, name)?;
    let verified = pack.verify(&mut |p| report_file(job, &p), job.cancel())?;
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

/// Downloads the missing files of a pack, from `source` or else from the address in its manifest.
///
/// # Errors
/// [`EngineError::Model`]; the next call resumes the download.
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
        &mut |p| report_file(job, &p),
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

/// Copies the user's files into a pack.
///
/// # Errors
/// [`EngineError::Model`] for a file that does not belong to the pack or has another checksum.
pub fn import_files(
    places: &Places,
    name: &str,
    files: &[PathBuf],
    job: &Job<'_>,
) -> Result<Outcome<PackReport>, EngineError> {
    let pack = open(places, name)?;
    let items = match_files(&pack, files)?;
    let imported = import(&pack, &items, &mut |p| report_file(job, &p), job.cancel())?;
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

fn report_file(job: &Job<'_>, progress: &FileProgress<'_>) {
    job.report(progress.done, progress.total.unwrap_or(0), progress.file);
}
