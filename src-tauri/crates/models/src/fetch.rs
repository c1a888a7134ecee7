//! Fetching a pack's files: resumable, bounded, checked.
//!
//! Robustness, in the order in which things fail:
//! connection refused, reset, stalled or closed early: again, from where it stopped, with growing
//! pauses, until several attempts in a row bring nothing; server busy (408, 425, 429, 5xx): the
//! same; file changed meanwhile (If-Range answers 200, or the sum is wrong after a resume): once
//! more from the start; wrong bytes: deleted, never renamed into place; endless or announced
//! over-long bodies: cut off at the known length; disk full: the part stays and resumes.

use std::time::Duration;

use reqwest::Url;
use tokio_util::sync::CancellationToken;

use crate::ModelError;
use crate::lock::{Lock, LockedFile};
use crate::manifest::PackFile;
use crate::pack::{FileProgress, Pack};
use crate::transport::{Transport, is_loopback};

mod download;
pub(crate) use download::with_suffix;

use download::Download;

/// How to fetch.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// Base address that replaces the manifest's, from the command line or the configuration.
    pub source: Option<String>,
    /// Paths inside the pack; empty for all files.
    pub only: Vec<String>,
    /// Bound for a file whose length nobody knows, bytes.
    pub most_bytes: u64,
    /// Attempts in a row that bring nothing, before giving up.
    pub attempts: u32,
    /// First pause between attempts; doubles up to 30 s.
    pub pause: Duration,
}

impl Default for FetchOptions {
    fn default() -> Self {
        FetchOptions {
            source: None,
            only: Vec::new(),
            most_bytes: 8 << 30,
            attempts: 6,
            pause: Duration::from_millis(500),
        }
    }
}

/// One file of a [`FetchReport`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedFile {
    /// Path inside the pack.
    pub path: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
    /// True where it was there already and nothing was fetched.
    pub was_there: bool,
    /// Bytes that an earlier, interrupted fetch had brought.
    pub resumed_from: u64,
    /// True where the checksum was known beforehand (manifest, lock file or the server's entity
    /// tag); false where it was only recorded.
    pub compared: bool,
}

/// What [`fetch`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchReport {
    /// Every wanted file, in the manifest's order.
    pub files: Vec<FetchedFile>,
}

/// Fetches the missing or corrupt files of a pack into its store. Files that are there and good
/// are left alone, and so are those that are made on this machine. `Ok(None)` when cancelled; what has arrived stays and the next call resumes.
///
/// Addresses: `options.source` joined with the entry's `remote` (or `path`), else the entry's
/// `url`, else the manifest's `source` joined likewise. Only https, except to this machine.
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
            let (was_there, compared, resumed_from) = (true, true, 0);
            report.files.push(FetchedFile {
                path,
                sha256,
                bytes,
                was_there,
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

fn address(pack: &Pack, entry: &PackFile, source: Option<&str>) -> Result<Url, ModelError> {
    let below = |base: &str| {
        let remote = entry.remote.as_deref().unwrap_or(&entry.path);
        format!(
            "{}/{}",
            base.trim_end_matches('/'),
            remote.trim_start_matches('/')
        )
    };
    let text = match (source, &entry.url, &pack.manifest.source) {
        (Some(base), _, _) => below(base),
        (None, Some(url), _) => url.clone(),
        (None, None, Some(base)) => below(base),
        (None, None, None) => {
            return Err(ModelError::NoSource {
                pack: pack.manifest.name.clone(),
                file: entry.path.clone(),
            });
        }
    };
    let url: Url = text
        .parse()
        .map_err(|_| ModelError::InsecureSource { url: text })?;
    secure(&url, is_loopback(&url))?;
    Ok(url)
}

/// Lets https pass, and plain http to this machine where the first address was on it too.
fn secure(url: &Url, first_was_here: bool) -> Result<(), ModelError> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if first_was_here && is_loopback(url) => Ok(()),
        _ => Err(ModelError::InsecureSource {
            url: url.to_string(),
        }),
    }
}
