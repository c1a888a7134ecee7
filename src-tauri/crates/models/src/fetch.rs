//! Fetches the files of a pack: resumable, bounded, checked.
//!
//! Failures and their handling: connection refused, reset, stalled or closed early: retry from the
//! last byte with growing pauses, until several attempts in a row bring nothing. Server busy (408,
//! 425, 429, 5xx): the same. File changed on the server (If-Range answers 200, or the checksum is
//! wrong after a resume): once more from the start. Wrong bytes: deleted, never renamed into place.
//! Endless or too long bodies: cut off at the known length. Disk full: the part stays and can be
//! resumed.

mod address;
mod download;
mod options;
mod part;
mod report;

use tokio_util::sync::CancellationToken;

use crate::ModelError;
use crate::lock::{Lock, LockedFile};
use crate::manifest::PackFile;
use crate::pack::{FileProgress, Pack};
use crate::transport::Transport;
use address::address;
use download::Download;
pub use options::FetchOptions;
pub use report::{FetchReport, FetchedFile};

/// Fetches the missing or corrupt files of a pack into its store. Good files, and files that are
/// made on this machine, are left alone. `Ok(None)` when cancelled: the bytes so far stay and the
/// next call resumes.
///
/// Address of a file: `options.source` joined with the entry's `remote` (or `path`), else the
/// entry's `url`, else the manifest's `source` joined in the same way. Only https, except on this
/// machine.
///
/// # Errors
/// `UnknownFile`, `NoSource`, `InsecureSource`, `Fetch`, `TooLarge`, `WrongLength`,
/// `WrongChecksum`, `DiskFull`, `Io`, `BadManifest` (lock file).
pub fn fetch(
    pack: &Pack,
    options: &FetchOptions,
    transport: &dyn Transport,
    progress: &mut dyn FnMut(FileProgress<'_>),
    cancel: &CancellationToken,
) -> Result<Option<FetchReport>, ModelError> {
    for path in &options.only {
        pack.entry(path)?;
    }
    let mut report = FetchReport::default();
    let wanted = |entry: &&PackFile| {
        entry.made_by.is_none() && (options.only.is_empty() || options.only.contains(&entry.path))
    };
    for entry in pack.manifest.files.iter().filter(wanted) {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        if let Ok(at) = pack.file(&entry.path)
            && let Some((sha256, bytes)) = pack.recorded(entry)?
        {
            let bytes = match bytes {
                Some(bytes) => bytes,
                None => std::fs::metadata(&at)
                    .map_err(|e| ModelError::io("read a model file", &at, e))?
                    .len(),
            };
            let path = entry.path.clone();
            let (already_present, compared, resumed_from) = (true, true, 0);
            report.files.push(FetchedFile {
                path,
                sha256,
                bytes,
                already_present,
                resumed_from,
                compared,
            });
            continue;
        }
        let url = address(pack, entry, options.source.as_deref())?;
        let recorded = pack.recorded(entry)?;
        let download = Download {
            pack,
            entry,
            options,
            transport,
            url: &url,
            recorded,
        };
        let Some(fetched) = download.run(progress, cancel)? else {
            return Ok(None);
        };
        if entry.sha256.is_none() {
            let mut lock = Lock::read(&pack.store)?;
            lock.record(LockedFile {
                path: fetched.path.clone(),
                sha256: fetched.sha256.clone(),
                bytes: fetched.bytes,
                from: url.to_string(),
            });
            lock.write(&pack.store)?;
        }
        report.files.push(fetched);
    }
    Ok(Some(report))
}
