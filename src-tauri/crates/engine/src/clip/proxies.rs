//! Proxies of clips that a webview does not play, kept by content and thrown away by age.
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

/// Bytes that proxies may take where the user has not said otherwise.
pub const DEFAULT_LIMIT_BYTES: u64 = 10 << 30;

/// Raised whenever proxies of the same clip come out different.
const VERSION: u32 = 1;
/// What a user is told while it lasts.
const PHASE: &str = "making a proxy";
/// How often it is looked whether another maker of the same proxy has finished.
const LOOK: Duration = Duration::from_millis(50);
/// What marks the proxy of a clip that breaks off.
const TORN: &str = "-torn";
/// Extension of the files that makers hold.
const MAKING: &str = "making";

/// A proxy in use. While this is held, here or in another process, it is not thrown away.
#[derive(Debug)]
pub struct Proxy {
    /// The file.
    pub path: PathBuf,
    /// Whether it was made now; else it was there.
    pub made: bool,
    /// The clip breaks off or is damaged; the proxy holds what there is.
    pub corrupt: bool,
    /// A shared lock on the file.
    _held: File,
}

/// The proxy of `clip`: the one that is there, or a new one. One that is cancelled, or killed, is
/// simply begun again by the next call; who asks for one that is being made waits for it.
///
/// # Errors
/// [`EngineError::Media`] for a clip that cannot be read or encoded, [`EngineError::Io`] for a cache
/// that cannot be used.
pub fn proxy_for(
    places: &Places,
    clip: &Path,
    job: &Job<'_>,
) -> Result<Outcome<Proxy>, EngineError> {
    proxy_within(places, clip, DEFAULT_LIMIT_BYTES, job)
}

/// As [`proxy_for`], with another limit to what all proxies may take.
///
/// # Errors
/// Those of [`proxy_for`].
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
        // Why it cannot be read is told best by the reader of clips.
        Err(source) => {
            needledrop_media::probe(clip)?;
            return Err(failed("read the clip", clip)(source));
        }
    };
    let dir = dir(places);
    fs::create_dir_all(&dir).map_err(failed("make the folder of proxies", &dir))?;
    if let Some(proxy) = there(&dir, &name) {
        return Ok(Outcome::Completed(proxy));
    }
    let Some(_maker) = begin(&dir, &name, job)? else {
        return Ok(Outcome::Cancelled(None));
    };
    // Whoever was being waited for has made it.
    if let Some(proxy) = there(&dir, &name) {
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
    let mut proxy = there(&dir, &name).ok_or_else(gone)?;
    proxy.made = true;
    if let Err(error) = trim(places, limit_bytes) {
        tracing::info!("the cache of proxies was not trimmed: {error}");
    }
    Ok(Outcome::Completed(proxy))
}

/// Bytes that proxies take, unfinished ones too.
pub fn used_bytes(places: &Places) -> u64 {
    entries(&dir(places)).iter().map(|file| file.bytes).sum()
}

/// Throws away all proxies that are not in use; returns the bytes that were freed.
///
/// # Errors
/// [`EngineError::Io`] when one cannot be removed.
pub fn clear(places: &Places) -> Result<u64, EngineError> {
    trim(places, 0)
}

/// Throws away the proxies used least recently until all take at most `limit_bytes`, as far as they
/// are not in use, and what killed makers left; returns the bytes that were freed.
///
/// # Errors
/// [`EngineError::Io`] when one cannot be removed.
pub fn trim(places: &Places, limit_bytes: u64) -> Result<u64, EngineError> {
    let dir = dir(places);
    let mut freed = 0;
    let mut proxies = Vec::new();
    for file in entries(&dir) {
        if is_part(&file) {
            // A part whose maker holds its lock is still being written.
            if let Some(_maker) = lock_free(&dir.join(stem(&file)).with_extension(MAKING)) {
                freed += remove(&file)?;
            }
        } else if file.path.extension() != Some(OsStr::new(MAKING)) {
            proxies.push(file);
        }
    }
    freed += cache::trim(proxies, Limit::Bytes(limit_bytes), |file| {
        // The lock is held until the file is gone: nobody takes it into use in between.
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

/// The proxy of that name, marked as used now.
fn there(dir: &Path, name: &str) -> Option<Proxy> {
    let mut kinds: Vec<&str> = ProxyEncoder::ALL.iter().map(|e| e.extension()).collect();
    kinds.dedup();
    let mut places = kinds
        .iter()
        .flat_map(|kind| [false, true].map(|torn| (torn, kind)));
    places.find_map(|(torn, kind)| {
        let mark = if torn { TORN } else { "" };
        let path = dir.join(format!("{name}{mark}.{kind}"));
        let held = File::options().read(true).write(true).open(&path).ok()?;
        // Held by one who throws it away, it is as good as gone.
        match held.try_lock_shared() {
            Err(TryLockError::WouldBlock) => return None,
            // Without locks, as on some network drives, it may go while it is in use.
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

/// Waits until nobody else is making the proxy of that name; `None` when cancelled.
fn begin(dir: &Path, name: &str, job: &Job<'_>) -> Result<Option<File>, EngineError> {
    let path = dir.join(name).with_extension(MAKING);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed("begin a proxy", &path))?;
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if job.is_cancelled() => return Ok(None),
            Err(TryLockError::WouldBlock) => {
                job.report(0, 0, PHASE);
                // A lock cannot be waited for and given up in one.
                thread::sleep(LOOK);
            }
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(Some(file)),
        }
    }
}

/// The exclusive lock of a file that nobody uses.
#[derive(Debug)]
enum Unused {
    Locked(#[expect(dead_code, reason = "the lock is held by the open file")] File),
    /// There is no such file, or the file system has no locks.
    NoLock,
}

/// Locks a file that nobody uses, until the answer is dropped; `None` for one in use.
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

/// Removes what makers that were killed left of the proxy of that name.
fn remove_parts(dir: &Path, name: &str) {
    for file in entries(dir) {
        if is_part(&file)
            && stem(&file) == name
            && let Err(error) = remove(&file)
        {
            tracing::debug!(%error, "half a proxy is left");
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

/// Whether the file is half a proxy.
fn is_part(file: &Entry) -> bool {
    name(file).contains(".part-")
}

/// Removes a file and answers its bytes; 0 where it is gone already.
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
    fn a_proxy_that_is_being_thrown_away_is_not_taken_into_use() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0123.mp4");
        fs::write(&path, "a proxy").unwrap();
        let unused = lock_free(&path).unwrap();
        assert!(matches!(unused, Unused::Locked(_)), "{unused:?}");
        assert!(there(dir.path(), "0123").is_none(), "about to go");
        drop(unused);
        let used = there(dir.path(), "0123").unwrap();
        assert!(lock_free(&path).is_none(), "in use");
        drop(used);
        assert!(lock_free(&path).is_some());
    }
}
