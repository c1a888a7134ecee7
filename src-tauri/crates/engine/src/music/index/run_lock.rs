//! One index run at a time on a catalog.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::error::EngineError;

/// The file in the catalog's folder that a run locks. It holds the number of the process and stays there unlocked.
const FILE_NAME: &str = "index.lock";

/// The right to index into a catalog, until it is dropped. The system frees it when a process is killed.
#[derive(Debug)]
pub(super) struct RunLock(#[expect(dead_code, reason = "the lock is held by the open file")] File);

impl RunLock {
    /// Locks the catalog in `dir`; the folder is made where it does not exist.
    ///
    /// # Errors
    /// [`EngineError::CatalogBusy`] where another run holds it, [`EngineError::Io`].
    pub(super) fn take(dir: &Path) -> Result<RunLock, EngineError> {
        fs::create_dir_all(dir).map_err(io_error("make the folder of the catalog", dir))?;
        let path = dir.join(FILE_NAME);
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(io_error("lock the catalog", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(EngineError::CatalogBusy {
                    process: holder(&mut file),
                    dir: dir.to_owned(),
                });
            }
            // Some network drives have no locks. Two runs there do all work twice and damage nothing.
            Err(TryLockError::Error(error)) => {
                tracing::info!(%error, "the catalog is indexed without a lock");
            }
        }
        let number = format!("{}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.write_all(number.as_bytes()))
            .map_err(io_error("lock the catalog", &path))?;
        Ok(RunLock(file))
    }
}

/// The process that holds the lock; `None` where its number cannot be read (Windows does not let a locked file be
/// read).
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> EngineError {
    let path = path.to_owned();
    move |source| EngineError::Io {
        doing,
        path,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_on_a_catalog_is_refused_with_the_process_that_holds_it() {
        let dir = tempfile::tempdir().unwrap();
        let catalog = dir.path().join("new/catalog");
        let first = RunLock::take(&catalog).unwrap();
        let error = RunLock::take(&catalog).unwrap_err();
        assert_eq!(error.code(), "catalog_busy");
        let own = format!("process {}", std::process::id());
        assert!(error.to_string().contains(&own), "{error}");
        assert!(RunLock::take(&dir.path().join("other")).is_ok());
        drop(first);
        assert!(RunLock::take(&catalog).is_ok(), "the first run has ended");
    }
}
