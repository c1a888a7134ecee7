//! Imports files that the user has: copies them, and checks or records their checksum.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use crate::digest::Hasher;
use crate::lock::{Lock, LockedFile};
use crate::manifest::PackFile;
use crate::pack::{FileProgress, Pack};
use crate::{ModelError, whole_file};

/// A file to import, and its path in the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportItem {
    /// Path inside the pack.
    pub path: String,
    /// Path of the user's file.
    pub from: PathBuf,
}

/// Result of [`import`].
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// The imported files with their checksums.
    pub files: Vec<LockedFile>,
    /// Paths inside the pack of files that are still missing.
    pub still_missing: Vec<String>,
}

/// Assigns the user's files and folders to files of the pack: by the path below a folder (as in the
/// pack or as at its source), else by file name.
///
/// # Errors
/// `UnknownFile` for a file that fits no entry or several, and for a folder without any; `Io`.
pub fn match_files(pack: &Pack, sources: &[PathBuf]) -> Result<Vec<ImportItem>, ModelError> {
    let mut items: Vec<ImportItem> = Vec::new();
    for source in sources {
        let meta =
            fs::metadata(source).map_err(|e| ModelError::io("read a file to import", source, e))?;
        let found: Vec<ImportItem> = if meta.is_dir() {
            pack.manifest
                .files
                .iter()
                .filter_map(|entry| in_folder(entry, source))
                .collect()
        } else {
            let named = |entry: &&PackFile| {
                let name = source.file_name();
                names(entry).any(|n| Path::new(n).file_name() == name)
            };
            let matches: Vec<&PackFile> = pack.manifest.files.iter().filter(named).collect();
            match matches.as_slice() {
                [entry] => vec![ImportItem {
                    path: entry.path.clone(),
                    from: source.clone(),
                }],
                _ => Vec::new(),
            }
        };
        if found.is_empty() {
            return Err(ModelError::UnknownFile {
                pack: pack.manifest.name.clone(),
                file: source.display().to_string(),
            });
        }
        for item in found {
            items.retain(|i| i.path != item.path);
            items.push(item);
        }
    }
    Ok(items)
}

fn names(entry: &PackFile) -> impl Iterator<Item = &str> {
    [Some(entry.path.as_str()), entry.remote.as_deref()]
        .into_iter()
        .flatten()
}

fn in_folder(entry: &PackFile, folder: &Path) -> Option<ImportItem> {
    let from = names(entry).map(|n| folder.join(n)).find(|p| p.is_file())?;
    Some(ImportItem {
        path: entry.path.clone(),
        from,
    })
}

/// Copies files into the pack's store. If the manifest has a checksum, the file must match it;
/// otherwise its checksum is recorded in the lock file. `Ok(None)` when cancelled: files imported
/// before stay.
///
/// # Errors
/// `UnknownFile`, `WrongLength`, `WrongChecksum`, `DiskFull`, `Io`, `BadManifest` (lock file).
pub fn import(
    pack: &Pack,
    items: &[ImportItem],
    progress: &mut dyn FnMut(FileProgress<'_>),
    cancel: &CancellationToken,
) -> Result<Option<ImportReport>, ModelError> {
    let mut report = ImportReport::default();
    for item in items {
        let entry = pack.entry(&item.path)?;
        let Some(file) = copy(pack, entry, &item.from, progress, cancel)? else {
            return Ok(None);
        };
        if entry.sha256.is_none() {
            let mut lock = Lock::read(&pack.store)?;
            lock.record(file.clone());
            lock.write(&pack.store)?;
        }
        pack.record_checksum(&pack.store.join(&item.path), &file.sha256);
        report.files.push(file);
    }
    report.still_missing = pack
        .manifest
        .files
        .iter()
        .filter(|entry| !pack.path_of(&entry.path).is_file())
        .map(|entry| entry.path.clone())
        .collect();
    Ok(Some(report))
}

fn copy(
    pack: &Pack,
    entry: &PackFile,
    from: &Path,
    progress: &mut dyn FnMut(FileProgress<'_>),
    cancel: &CancellationToken,
) -> Result<Option<LockedFile>, ModelError> {
    let at = pack.store.join(&entry.path);
    let reading = |e| ModelError::io("read a file to import", from, e);
    let writing = |e| ModelError::io("write an imported file", &at, e);
    let mut source = File::open(from).map_err(reading)?;
    let total = source.metadata().map_err(reading)?.len();
    if let Some(expected) = entry.bytes
        && expected != total
    {
        let (file, path) = (entry.path.clone(), from.to_owned());
        return Err(ModelError::WrongLength {
            file,
            expected,
            actual: total,
            path,
        });
    }
    let mut target = whole_file::beside(&at).map_err(writing)?;
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; 1 << 18];
    let mut done = 0;
    loop {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        let n = source.read(&mut buffer).map_err(reading)?;
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
        target.write_all(&buffer[..n]).map_err(writing)?;
        done += n as u64;
        progress(FileProgress {
            file: &entry.path,
            done,
            total: Some(total),
        });
    }
    let (sha256, bytes) = hasher.finish();
    if let Some(expected) = &entry.sha256
        && *expected != sha256
    {
        let (file, path) = (entry.path.clone(), from.to_owned());
        let expected = expected.clone();
        return Err(ModelError::WrongChecksum {
            file,
            expected,
            actual: sha256,
            path,
        });
    }
    whole_file::place(target, &at).map_err(|e| ModelError::io("place an imported file", &at, e))?;
    let (path, from) = (entry.path.clone(), from.display().to_string());
    Ok(Some(LockedFile {
        path,
        sha256,
        bytes,
        from,
    }))
}
