//! A folder of values made from clips: sealed by a checksum, written whole, bounded; the oldest go first.

use std::fs;
use std::io;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::content_key::content_key;
use crate::files::write_whole;

/// Longer files are not read: no cached value is that large.
const LARGEST_BYTES: u64 = 64 << 20;
const CHECKSUM_BYTES: usize = 32;

/// How much a cache may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    Files(usize),
    Bytes(u64),
}

/// Values of type `T` in one folder, one file each.
#[derive(Clone, Debug)]
pub(crate) struct ContentCache<T> {
    dir: PathBuf,
    extension: &'static str,
    /// Goes up whenever the value made of the same clip changes; older files are no longer found.
    version: u32,
    limit: Limit,
    values: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> ContentCache<T> {
    pub(crate) fn new(dir: PathBuf, extension: &'static str, version: u32, limit: Limit) -> Self {
        Self {
            dir,
            extension,
            version,
            limit,
            values: PhantomData,
        }
    }

    /// The file of what is made of a clip with these parameters; `None` for a clip that cannot be read.
    pub(crate) fn path(&self, clip: &Path, parameters: &[u8]) -> Option<PathBuf> {
        let key = content_key(clip, &[&self.version.to_le_bytes(), parameters]).ok()?;
        Some(self.dir.join(format!("{key}.{}", self.extension)))
    }

    /// The value in a file; `None` where there is none or it is damaged.
    pub(crate) fn read(&self, path: &Path) -> Option<T> {
        if fs::metadata(path).ok()?.len() > LARGEST_BYTES {
            return None;
        }
        let bytes = fs::read(path).ok()?;
        let (checksum, body) = bytes.split_at_checked(CHECKSUM_BYTES)?;
        if Sha256::digest(body).as_slice() != checksum {
            return None;
        }
        postcard::from_bytes(body).ok()
    }

    /// Writes the value of a file, then removes the oldest files until the limit is met. A cache that cannot be
    /// written is logged: the value is made again the next time.
    pub(crate) fn write(&self, path: &Path, value: &T) {
        if let Err(error) = self.try_write(path, value) {
            tracing::info!("not cached: {error}: {}", path.display());
        }
    }

    fn try_write(&self, path: &Path, value: &T) -> io::Result<()> {
        let body = postcard::to_stdvec(value).map_err(io::Error::other)?;
        let mut bytes = Sha256::digest(&body).to_vec();
        bytes.extend(body);
        write_whole(path, &bytes)?;
        trim(entries(&self.dir), self.limit, |file| {
            fs::remove_file(&file.path)?;
            Ok::<_, io::Error>(true)
        })?;
        Ok(())
    }
}

/// A file of a cache folder.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    /// When it was written, or marked as used.
    pub(crate) used: SystemTime,
}

/// The files of a cache folder; none where the folder does not exist.
pub(crate) fn entries(dir: &Path) -> Vec<Entry> {
    let Ok(found) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let entry = |found: fs::DirEntry| {
        let meta = found.metadata().ok()?;
        meta.is_file().then(|| Entry {
            path: found.path(),
            bytes: meta.len(),
            used: meta.modified().unwrap_or(SystemTime::UNIX_EPOCH),
        })
    };
    found.filter_map(Result::ok).filter_map(entry).collect()
}

/// Calls `remove` for the files used least recently until the rest meet the limit; `remove` answers whether it
/// removed the file. Returns the bytes that were freed.
pub(crate) fn trim<E>(
    mut files: Vec<Entry>,
    limit: Limit,
    mut remove: impl FnMut(&Entry) -> Result<bool, E>,
) -> Result<u64, E> {
    files.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
    let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
    let (mut count, mut freed) = (files.len(), 0);
    for file in &files {
        let met = match limit {
            Limit::Files(most) => count <= most,
            Limit::Bytes(most) => bytes <= most,
        };
        if met {
            break;
        }
        if remove(file)? {
            (bytes, count) = (bytes - file.bytes, count - 1);
            freed += file.bytes;
        }
    }
    Ok(freed)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn cache(dir: &Path, limit: Limit) -> ContentCache<Vec<u8>> {
        ContentCache::new(dir.join("cache"), "bin", 1, limit)
    }

    fn clip(dir: &Path, name: &str, byte: u8) -> PathBuf {
        let path = dir.join(name);
        fs::write(&path, vec![byte; 300_000]).unwrap();
        path
    }

    #[test]
    fn a_value_is_read_back_and_a_damaged_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let cache = cache(dir.path(), Limit::Files(9));
        let path = cache.path(&clip(dir.path(), "a.mp4", 7), b"").unwrap();
        assert_eq!(cache.read(&path), None, "nothing yet");
        cache.write(&path, &vec![1, 2, 3]);
        assert_eq!(cache.read(&path), Some(vec![1, 2, 3]));
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(cache.read(&path), None, "one bit off");
        fs::write(&path, &bytes[..20]).unwrap();
        assert_eq!(cache.read(&path), None, "cut short");
    }

    #[test]
    fn a_new_version_and_other_parameters_have_files_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let clip = clip(dir.path(), "a.mp4", 7);
        let first = cache(dir.path(), Limit::Files(9));
        let next = ContentCache {
            version: 2,
            ..first.clone()
        };
        assert_ne!(first.path(&clip, b"a"), next.path(&clip, b"a"));
        assert_ne!(first.path(&clip, b"a"), first.path(&clip, b"b"));
        assert_eq!(first.path(&dir.path().join("none"), b"a"), None);
    }

    #[test]
    fn the_oldest_files_go_first() {
        let dir = tempfile::tempdir().unwrap();
        let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let fill = || {
            for (age, name) in ["new", "middle", "old"].into_iter().enumerate() {
                let path = dir.path().join(name);
                fs::write(&path, [0; 100]).unwrap();
                let file = fs::File::options().write(true).open(&path).unwrap();
                file.set_modified(moment - Duration::from_secs(age as u64))
                    .unwrap();
            }
        };
        let remove = |file: &Entry| fs::remove_file(&file.path).map(|()| true);
        for (limit, freed, left) in [
            (Limit::Bytes(250), 100, &["middle", "new"][..]),
            (Limit::Files(1), 200, &["new"]),
            (Limit::Bytes(300), 0, &["middle", "new", "old"]),
        ] {
            fill();
            assert_eq!(trim(entries(dir.path()), limit, remove).unwrap(), freed);
            let mut names: Vec<_> = entries(dir.path())
                .iter()
                .map(|e| e.path.file_name().unwrap().to_owned())
                .collect();
            names.sort();
            assert_eq!(names, left, "{limit:?}");
        }
    }

    #[test]
    fn a_file_that_is_in_use_stays_and_the_next_oldest_goes() {
        let file = |name: &str, age_s: u64| Entry {
            path: name.into(),
            bytes: 100,
            used: SystemTime::UNIX_EPOCH + Duration::from_secs(age_s),
        };
        let files = vec![file("second", 2), file("first", 1), file("third", 3)];
        let mut asked = Vec::new();
        let freed = trim::<()>(files, Limit::Bytes(200), |file| {
            asked.push(file.path.clone());
            Ok(file.path != Path::new("first"))
        });
        assert_eq!(freed, Ok(100));
        assert_eq!(asked, [Path::new("first"), Path::new("second")]);
    }
}
