//! SHA-256 of files, and a cache of checksums that were verified.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use crate::{ModelError, whole_file};

/// A running SHA-256 and the number of bytes so far.
#[derive(Default)]
pub(crate) struct Hasher {
    state: Sha256,
    bytes: u64,
}

impl Hasher {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.state.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// Lower-case hex digest and length.
    pub(crate) fn finish(self) -> (String, u64) {
        let mut hex = String::with_capacity(64);
        for byte in self.state.finalize() {
            // Writing to a String cannot fail.
            write!(hex, "{byte:02x}").expect("writing to a string");
        }
        (hex, self.bytes)
    }
}

/// SHA-256 (lower-case hex) and length of a file. Calls `seen` with the bytes read so far; if it
/// returns false, the result is `Ok(None)`.
pub(crate) fn hash_file(
    path: &Path,
    seen: &mut dyn FnMut(u64) -> bool,
) -> Result<Option<(String, u64)>, ModelError> {
    let mut file = File::open(path).map_err(|e| ModelError::io("open a model file", path, e))?;
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let n = file
            .read(&mut buffer)
            .map_err(|e| ModelError::io("read a model file", path, e))?;
        if n == 0 {
            return Ok(Some(hasher.finish()));
        }
        hasher.update(&buffer[..n]);
        if !seen(hasher.bytes) {
            return Ok(None);
        }
    }
}

/// Cache of verified checksums, by path, length and modification time, so that a warm start hashes
/// nothing. Losing it costs one hash of each file; it is not used for a file of another length or
/// time.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChecksumCache {
    file: Option<PathBuf>,
}

/// Lines beyond this number are ignored, so that a damaged cache file cannot grow without bound.
const MOST_LINES: usize = 2_000;

impl ChecksumCache {
    /// A cache in `file`; `None` for no cache.
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        ChecksumCache { file }
    }

    /// True if this file was verified with this SHA-256 and has not changed.
    pub(crate) fn contains(&self, path: &Path, sha256: &str) -> bool {
        let Some(stamp) = stamp(path) else {
            return false;
        };
        self.read()
            .get(&key(path))
            .is_some_and(|line| *line == format!("{sha256} {stamp}"))
    }

    /// Records a verified checksum. A failure is no error: the next start hashes again.
    pub(crate) fn record_checksum(&self, path: &Path, sha256: &str) {
        let (Some(file), Some(stamp)) = (&self.file, stamp(path)) else {
            return;
        };
        let mut lines = self.read();
        lines.insert(key(path), format!("{sha256} {stamp}"));
        let mut text = String::new();
        for (path, line) in lines {
            text.push_str(&format!("{line} {path}\n"));
        }
        if let Err(error) = whole_file::write(file, text.as_bytes()) {
            tracing::debug!(%error, "the cache of model checksums was not written");
        }
    }

    fn read(&self) -> BTreeMap<String, String> {
        let text = self
            .file
            .as_ref()
            .and_then(|f| fs::read_to_string(f).ok())
            .unwrap_or_default();
        text.lines()
            .take(MOST_LINES)
            .filter_map(|line| {
                let mut parts = line.splitn(4, ' ');
                let head = [parts.next()?, parts.next()?, parts.next()?].join(" ");
                Some((parts.next()?.to_owned(), head))
            })
            .collect()
    }
}

/// The path as one line of text.
fn key(path: &Path) -> String {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    path.to_string_lossy().replace(['\n', '\r'], "?")
}

/// Length, and modification time in nanoseconds.
fn stamp(path: &Path) -> Option<String> {
    let meta = fs::metadata(path).ok()?;
    let time = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {}", meta.len(), time.as_nanos()))
}

/// True for 64 lower-case hex digits.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_of_a_file_is_the_published_value() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("abc");
        fs::write(&path, "abc").unwrap();
        let (hex, bytes) = hash_file(&path, &mut |_| true).unwrap().unwrap();
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            hex,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(bytes, 3, "the length is counted");
    }

    #[test]
    fn a_changed_file_is_not_in_the_cache() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model with spaces");
        let checked = ChecksumCache::new(Some(dir.path().join("cache/checked")));
        fs::write(&path, "one").unwrap();
        let sha = "0".repeat(64);
        assert!(!checked.contains(&path, &sha), "nothing is known at first");
        checked.record_checksum(&path, &sha);
        assert!(checked.contains(&path, &sha), "the same file is known");
        assert!(
            !checked.contains(&path, &"1".repeat(64)),
            "another checksum is not"
        );
        fs::write(&path, "other").unwrap();
        assert!(
            !checked.contains(&path, &sha),
            "another length is another file"
        );
    }
}
