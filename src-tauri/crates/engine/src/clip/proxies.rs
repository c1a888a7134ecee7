//! Proxies of clips that a webview cannot play. They are cached, and the least recently used are removed first.
//!
//! ```no_run
//! use needledrop_engine::Places;
//! use needledrop_engine::job::{Job, Outcome};
//! use needledrop_engine::clip::proxies::proxy_for;
//!
//! # fn main() -> Result<(), needledrop_engine::EngineError> {
//! let places = Places::find()?;
//! let job = Job::new(tokio_util::sync::CancellationToken::new(), &|_| ());
//! if let Outcome::Completed(proxy) = proxy_for(&places, "rushes.mxf".as_ref(), &job)? {
//!     println!("play {}", proxy.path.display());
//! }
//! # Ok(()) }
//! ```

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use needledrop_media::{ProxyEncoder, ProxyRequest, proxy};

use crate::clip::cache::{self, Entry, Limit, entries};
use crate::clip::content_key::content_key;
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::places::Places;

/// Limit of the cache in bytes where the user has set none.
pub const DEFAULT_LIMIT_BYTES: u64 = 10 << 30;

/// Goes up whenever the proxy of the same clip changes.
const VERSION: u32 = 1;
/// Shown as the job's phase.
const PHASE: &str = "making a proxy";
/// Time between two checks whether another maker of the same proxy has finished.
const LOOK: Duration = Duration::from_millis(50);
/// Ends the file name of the proxy of a damaged clip.
const TORN: &str = "-torn";
/// Extension of the file that is locked while a proxy is being made.
const MAKING: &str = "making";

/// A proxy in use. No process removes its file while this exists.
#[derive(Debug)]
pub struct Proxy {
    /// The file to play.
    pub path: PathBuf,
    /// Whether it was made by this call; false for a cached one.
    pub made: bool,
    /// The clip is incomplete or damaged, and so is the proxy.
    pub corrupt: bool,
    /// Open with a shared lock.
    _held: File,
}

/// The proxy of `clip`, cached or new. If another call or process is making it, this one waits for it. A proxy that
/// was cancelled or whose process was killed is made again by the next call.
///
/// # Errors
/// [`EngineError::Media`] for a clip that cannot be read or encoded, [`EngineError::Io`] for a cache folder that
/// cannot be written.
pub fn proxy_for(
    places: &Places,
    clip: &Path,
    job: &Job<'_>,
) -> Result<Outcome<Proxy>, EngineError> {
    proxy_within(places, clip, DEFAULT_LIMIT_BYTES, job)
}

/// [`proxy_for`] with another limit of the cache.
///
/// # Errors
/// As [`proxy_for`].
pub fn proxy_within(
    places: &Places,
    clip: &Path,
    limit_bytes: u64,
    job: &Job<'_>,
) -> Result<Outcome<Proxy>, EngineError> {
    let request = ProxyRequest::default();
    let parts = [VERSION.to_le_bytes(), request.short_side_px.to_le_bytes()].concat();
    let name = match content_key(clip, &[parts.as_slice()]) {
        Ok(name) => name,
        // The probe gives the more precise error.
        Err(source) => {
            needledrop_media::probe(clip)?;
            return Err(failed("read the clip", clip)(source));
        }
    };
    let dir = dir(places);
    fs::create_dir_all(&dir).map_err(failed("make the folder of proxies", &dir))?;
    if let Some(proxy) = cached(&dir, &name) {
        return Ok(Outcome::Completed(proxy));
    }
    let Some(_maker) = begin(&dir, &name, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    // The maker that this call waited for may have finished it.
    if let Some(proxy) = cached(&dir, &name) {
        return Ok(Outcome::Completed(proxy));
    }
    remove_parts(&dir, &name);
    let mut progress = |done, total| job.report(done, total, PHASE);
    let stem = dir.join(&name);
    let made = proxy(clip, &stem, &request, job.cancel(), &mut progress);
    let Outcome::Completed(made) = Outcome::from_result(made)? else {
        return Ok(Outcome::Cancelled(None));
    };
    if made.corrupt {
        let torn = dir.join(format!("{name}{TORN}.{}", made.encoder.extension()));
        fs::rename(&made.path, &torn).map_err(failed("name the proxy", &torn))?;
    }
    let gone = || failed("keep the proxy", &dir)(io::ErrorKind::NotFound.into());
    let mut proxy = cached(&dir, &name).ok_or_else(gone)?;
    proxy.made = true;
    if let Err(error) = trim(places, limit_bytes) {
        tracing::info!("the cache of proxies was not trimmed: {error}");
    }
    Ok(Outcome::Completed(proxy))
}

/// Size of the cache in bytes, unfinished proxies included.
pub fn used_bytes(places: &Places) -> u64 {
    entries(&dir(places)).iter().map(|file| file.bytes).sum()
}

/// Removes all proxies that are not in use; returns the freed bytes.
///
/// # Errors
/// [`EngineError::Io`] for a file that cannot be removed.
pub fn clear(places: &Places) -> Result<u64, EngineError> {
    trim(places, 0)
}

/// Removes the least recently used proxies until the cache has at most `limit_bytes`, and the unfinished files of
/// killed processes. Proxies in use stay. Returns the freed bytes.
///
/// # Errors
/// [`EngineError::Io`] for a file that cannot be removed.
pub fn trim(places: &Places, limit_bytes: u64) -> Result<u64, EngineError> {
    let dir = dir(places);
    let mut freed = 0;
    let mut proxies = Vec::new();
    for file in entries(&dir) {
        if is_part(&file) {
            // While the maker holds the lock, the part is being written.
            if let Some(_maker) = lock_free(&dir.join(stem(&file)).with_extension(MAKING)) {
                freed += remove(&file)?;
            }
        } else if file.path.extension() != Some(OsStr::new(MAKING)) {
            proxies.push(file);
        }
    }
    freed += cache::trim(proxies, Limit::Bytes(limit_bytes), |file| {
        // The lock is held until the file is removed, so nobody can start to use it in between.
        let Some(_unused) = lock_free(&file.path) else {
            return Ok(false);
        };
        remove(file).map(|_| true)
    })?;
    Ok(freed)
}

fn dir(places: &Places) -> PathBuf {
    places.cache.join("proxies")
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> EngineError {
    let path = path.to_owned();
    move |source| EngineError::Io {
        doing,
        path,
        source,
    }
}

/// The cached proxy of that name, marked as used now.
fn cached(dir: &Path, name: &str) -> Option<Proxy> {
    let mut kinds: Vec<&str> = ProxyEncoder::ALL.iter().map(|e| e.extension()).collect();
    kinds.dedup();
    let mut places = kinds
        .iter()
        .flat_map(|kind| [false, true].map(|torn| (torn, kind)));
    places.find_map(|(torn, kind)| {
        let mark = if torn { TORN } else { "" };
        let path = dir.join(format!("{name}{mark}.{kind}"));
        let held = File::options().read(true).write(true).open(&path).ok()?;
        // Locked exclusively: it is being removed.
        match held.try_lock_shared() {
            Err(TryLockError::WouldBlock) => return None,
            // Some network drives have no locks; there a proxy may be removed while it is in use.
            Err(TryLockError::Error(error)) => tracing::debug!(%error, "no lock on a proxy"),
            Ok(()) => {}
        }
        if !path.exists() {
            return None;
        }
        if let Err(error) = held.set_modified(SystemTime::now()) {
            tracing::debug!(%error, "a proxy is not marked as used");
        }
        Some(Proxy {
            path,
            made: false,
            corrupt: torn,
            _held: held,
        })
    })
}

/// Waits until no other process makes the proxy of that name, and locks it; `None` when cancelled.
fn begin(dir: &Path, name: &str, job: &Job<'_>) -> Result<Option<File>, EngineError> {
    let path = dir.join(name).with_extension(MAKING);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed("start a proxy", &path))?;
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if job.is_cancelled() => return Ok(None),
            Err(TryLockError::WouldBlock) => {
                job.report(0, 0, PHASE);
                // The system has no wait for a lock that can be cancelled.
                thread::sleep(LOOK);
            }
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(Some(file)),
        }
    }
}

/// The exclusive lock of a file that is not in use.
#[derive(Debug)]
enum Unused {
    Locked(#[expect(dead_code, reason = "the lock is held by the open file")] File),
    /// The file does not exist, or the file system has no locks.
    NoLock,
}

/// Locks a file until the answer is dropped; `None` for a file in use.
fn lock_free(path: &Path) -> Option<Unused> {
    let Ok(file) = File::options().read(true).write(true).open(path) else {
        return Some(Unused::NoLock);
    };
    match file.try_lock() {
        Ok(()) => Some(Unused::Locked(file)),
        Err(TryLockError::WouldBlock) => None,
        Err(TryLockError::Error(_)) => Some(Unused::NoLock),
    }
}

/// Removes the unfinished files of killed makers of that proxy.
fn remove_parts(dir: &Path, name: &str) {
    for file in entries(dir) {
        if is_part(&file)
            && stem(&file) == name
            && let Err(error) = remove(&file)
        {
            tracing::debug!(%error, "an unfinished proxy is left");
        }
    }
}

fn name(file: &Entry) -> &str {
    file.path.file_name().and_then(OsStr::to_str).unwrap_or("")
}

fn stem(file: &Entry) -> &str {
    let name = name(file);
    name.split('.').next().unwrap_or(name)
}

/// Whether the file is an unfinished proxy.
fn is_part(file: &Entry) -> bool {
    name(file).contains(".part-")
}

/// Removes a file and returns its bytes; 0 if it does not exist any more.
fn remove(file: &Entry) -> Result<u64, EngineError> {
    match fs::remove_file(&file.path) {
        Ok(()) => Ok(file.bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(failed("remove a proxy", &file.path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_is_being_removed_cannot_be_used() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0123.mp4");
        fs::write(&path, "a proxy").unwrap();
        let unused = lock_free(&path).unwrap();
        assert!(matches!(unused, Unused::Locked(_)), "{unused:?}");
        assert!(cached(dir.path(), "0123").is_none(), "being removed");
        drop(unused);
        let used = cached(dir.path(), "0123").unwrap();
        assert!(lock_free(&path).is_none(), "in use");
        drop(used);
        assert!(lock_free(&path).is_some());
    }
}
