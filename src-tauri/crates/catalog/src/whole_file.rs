//! Files that are complete or absent: written under a temporary name, flushed to the disk, renamed.

use std::path::Path;

use tempfile::NamedTempFile;

/// A new temporary file in `dir`, the folder of its later place. It is removed when it is dropped.
pub(crate) fn begin(dir: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".catalog-").suffix(".part");
    // Readable by others as far as the umask allows, like a file that was made under its own name.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(dir)
}

/// Flushes `file` and puts it at `path`; a file that is already there is replaced.
pub(crate) fn replace(file: NamedTempFile, path: &Path) -> std::io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(path)
}

/// Flushes `file` and puts it at `path`.
///
/// # Errors
/// `AlreadyExists` where there is a file at `path`; it stays as it is.
pub(crate) fn create(file: NamedTempFile, path: &Path) -> std::io::Result<()> {
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        // FAT and some network shares can neither link nor rename without replacing.
        Err(refused) if is_not_offered(&refused.error) && !path.exists() => {
            refused.file.persist(path).map_err(|error| error.error)?;
        }
        Err(refused) => return Err(refused.error),
    }
    sync_folder(path)
}

/// Whether the file system does not offer an operation.
fn is_not_offered(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported)
}

/// On Unix a rename survives a power cut only after its folder was flushed. Some network shares cannot flush a folder.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        match std::fs::File::open(dir).and_then(|folder| folder.sync_all()) {
            Err(error) if !is_not_offered(&error) => return Err(error),
            _ => {}
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_appears_whole_and_a_dropped_one_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let mut first = begin(dir.path()).unwrap();
        first.write_all(b"first").unwrap();
        assert!(!path.exists(), "the file has its name only when complete");
        replace(first, &path).unwrap();
        let mut second = begin(dir.path()).unwrap();
        second.write_all(b"sec").unwrap();
        drop(second);
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn create_keeps_a_file_that_is_already_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, b"old").unwrap();
        let error = create(begin(dir.path()).unwrap(), &path).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
    }
}
