//! Writing files whole, their digest, and when a file was last changed.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

/// Writes a file through a temporary one in the same folder: written, flushed to the disk, renamed. A reader sees
/// the old content or the new one, whole, even where several threads or programs write at once. Makes the folder
/// if it does not exist.
///
/// # Errors
/// The system's error; the file is unchanged and nothing is left beside it.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    fs::create_dir_all(dir)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".needledrop-").suffix(".part");
    // A temporary file is private by default; this one takes the place of an ordinary file.
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666))
    };
    let mut file = builder.tempfile_in(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// SHA-256 of a file's content, which is read piece by piece.
pub(crate) fn sha256(path: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&buffer[..read]);
    }
}

/// Time of the last change, nanoseconds since 1970; 0 where the file system does not record it.
pub(crate) fn modified_ns(meta: &Metadata) -> i64 {
    let modified = meta.modified().ok();
    let since_1970 = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since_1970.map_or(0, |time| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deeper/a b #1.png");
        write_whole(&path, b"first").unwrap();
        write_whole(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn threads_that_write_one_file_never_leave_a_mixture() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("poster.jpg");
        let contents = |writer: u8| vec![writer; 200_000 + usize::from(writer) * 50_000];
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..25 {
                        write_whole(path, &contents(writer)).unwrap();
                        let read = fs::read(path).unwrap();
                        assert_eq!(read, contents(read[0]), "one writer's bytes alone");
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_in_the_way_is_an_error_that_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("taken");
        fs::create_dir(&path).unwrap();
        assert!(write_whole(&path, b"x").is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
