//! One index run at a time on a catalog.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use needledrop_catalog::CatalogError;

use crate::error::EngineError;
use crate::job::{Job, Outcome};

/// The file in the catalog's folder that a run locks. It holds the number of the process and stays there unlocked.
const FILE_NAME: &str = "index.lock";

/// The right to index into a catalog, until it is dropped. The system frees it when a process is killed.
#[derive(Debug)]
pub(super) struct RunLock(#[expect(dead_code, reason = "the lock is held by the open file")] File);

/// Time between two tries to lock.
const TRY: Duration = Duration::from_millis(100);

impl RunLock {
    /// Locks the catalog in `dir`; the folder is made where it does not exist. While another run holds the lock, the job
    /// says so and waits.
    ///
    /// # Errors
    /// [`CatalogError::ReadOnly`] where the folder cannot be written, [`EngineError::Io`].
    pub(super) fn take(dir: &Path, job: &Job<'_>) -> Result<Outcome<RunLock>, EngineError> {
        fs::create_dir_all(dir).map_err(io_error("make the folder of the catalog", dir))?;
        let path = dir.join(FILE_NAME);
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| match error.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    let purpose = "add music to it";
                    let dir = dir.to_owned();
                    CatalogError::ReadOnly { purpose, dir }.into()
                }
                _ => io_error("lock the catalog", &path)(error),
            })?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if job.is_cancelled() => {
                    return Ok(Outcome::Cancelled(None));
                }
                Err(TryLockError::WouldBlock) => {
                    job.report(0, 0, &waiting_for(holder(&mut file)));
                    std::thread::sleep(TRY);
                }
                // Some network drives have no locks. Two runs there do all work twice and damage nothing.
                Err(TryLockError::Error(error)) => {
                    tracing::info!(%error, "the catalog is indexed without a lock");
                    break;
                }
            }
        }
        let number = format!("{}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(number.as_bytes()))
            .map_err(io_error("lock the catalog", &path))?;
        Ok(Outcome::Completed(RunLock(file)))
    }
}

fn waiting_for(process: Option<u32>) -> String {
    let holder = process.map_or_else(
        || "another process".to_owned(),
        |number| format!("process {number}"),
    );
    format!("waiting for {holder}, which indexes into this catalog")
}

/// The process that holds the lock; `None` where its number cannot be read (Windows does not let a locked file be
/// read).
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
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
    use std::sync::mpsc;

    use tokio_util::sync::CancellationToken;

    use super::*;

    fn take(dir: &Path) -> RunLock {
        let job = Job::new(CancellationToken::new(), &|_| ());
        match RunLock::take(dir, &job).unwrap() {
            Outcome::Completed(lock) => lock,
            cancelled => panic!("not cancelled: {cancelled:?}"),
        }
    }

    #[test]
    fn a_second_run_names_the_process_that_it_waits_for_and_then_begins() {
        let dir = tempfile::tempdir().unwrap();
        let catalog = dir.path().join("new/catalog");
        let first = take(&catalog);
        let (sender, reports) = mpsc::channel();
        let sink = move |progress: crate::job::Progress| sender.send(progress.phase).unwrap();
        std::thread::scope(|scope| {
            let catalog = &catalog;
            let second = scope.spawn(move || {
                let job = Job::new(CancellationToken::new(), &sink);
                RunLock::take(catalog, &job).unwrap()
            });
            let phase = reports.recv().unwrap();
            let own = format!("waiting for process {}", std::process::id());
            assert!(phase.starts_with(&own), "{phase}");
            let _other = take(&dir.path().join("other"));
            drop(first);
            let second = second.join().unwrap();
            assert!(matches!(second, Outcome::Completed(_)), "{second:?}");
        });
    }

    #[test]
    fn a_run_that_waits_can_be_stopped() {
        let dir = tempfile::tempdir().unwrap();
        let _first = take(dir.path());
        let cancel = CancellationToken::new();
        let own = cancel.clone();
        let sink = move |_| own.cancel();
        let job = Job::new(cancel, &sink);
        let second = RunLock::take(dir.path(), &job).unwrap();
        assert!(matches!(second, Outcome::Cancelled(None)), "{second:?}");
    }
}
