//! `needledrop index --watch`: keeps the catalog up to date with the folders.
//!
//! An event of the file system only starts a pass; the pass itself finds the changes, at the cost of one `stat` per
//! file. Lost, doubled or unknown events do no harm, because a pass is also made at regular intervals.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use needledrop_catalog::DATABASE;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::content::OtherFiles;
use super::folders;
use super::pass::{IndexRequest, pass};
use super::report::IndexReport;
use super::settling::Settling;
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::places::Places;

/// A file is indexed after no change for this time.
const QUIET: Duration = Duration::from_secs(2);
/// Longest time to the next pass while files keep changing.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Time to the next pass without any event, because events may be lost.
const INTERVAL: Duration = Duration::from_secs(300);
/// Time to the next pass on a file system without events.
const INTERVAL_WITHOUT_EVENTS: Duration = Duration::from_secs(10);
/// Longest time until a cancelled job stops.
const TICK: Duration = Duration::from_millis(200);

/// Indexes folders, then keeps the catalog up to date with them until the job is cancelled. `each` gets the report of
/// the first pass and of every later pass that changed something. The outcome is the last report; it is completed if
/// the first pass was, because cancelling is the only way to end this job.
///
/// # Errors
/// As [`super::index`]; [`EngineError::FolderMissing`] also when a folder is removed later.
pub fn watch(
    places: &Places,
    request: &IndexRequest,
    job: &Job<'_>,
    each: &mut dyn FnMut(&IndexReport),
) -> Result<Outcome<IndexReport>, EngineError> {
    // Events count from before the first pass, so that no change is missed.
    let watching = Watching::start(&request.folders);
    let mut others = OtherFiles::default();
    let mut last = match pass(places, request, job, &mut others, None)? {
        Outcome::Completed(report) => report,
        cancelled => return Ok(cancelled),
    };
    each(&last);
    let mut settling = Settling::new(QUIET);
    let mut waiting = Waiting::new(Instant::now(), watching.interval());
    while !job.is_cancelled() {
        job.report(0, 0, "waiting for changes");
        watching.take_events(|path| {
            settling.touched(path, Instant::now());
            waiting.event(Instant::now());
        });
        if !waiting.is_over(Instant::now()) {
            continue;
        }
        waiting = Waiting::new(Instant::now(), watching.interval());
        let mut held = 0;
        let mut hold = |file: &super::walk::MusicFile| {
            let hold = !settling.is_at_rest(file, Instant::now());
            held += usize::from(hold);
            hold
        };
        let report = match pass(places, request, job, &mut others, Some(&mut hold)) {
            Ok(Outcome::Completed(report)) => report,
            Ok(Outcome::Cancelled(_)) => break,
            Err(error) => return Err(error),
        };
        if held > 0 {
            waiting.event(Instant::now());
        }
        settling.forget_old(Instant::now());
        if report.changed() || report.missing != last.missing || report.failed != last.failed {
            each(&report);
        }
        last = report;
    }
    Ok(Outcome::Completed(last))
}

/// The time of the next pass.
struct Waiting {
    begun: Instant,
    interval: Duration,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl Waiting {
    fn new(now: Instant, interval: Duration) -> Self {
        Self {
            begun: now,
            interval,
            first: None,
            last: None,
        }
    }

    fn event(&mut self, now: Instant) {
        self.first.get_or_insert(now);
        self.last = Some(now);
    }

    fn is_over(&self, now: Instant) -> bool {
        let since = |at: Instant| now.saturating_duration_since(at);
        since(self.begun) >= self.interval
            || self.last.is_some_and(|at| since(at) >= QUIET)
            || self.first.is_some_and(|at| since(at) >= LONGEST_WAIT)
    }
}

/// A watcher of some folders and its events.
struct Watching {
    /// The events end when this is dropped. `None` on a file system without events.
    watcher: Option<RecommendedWatcher>,
    events: Receiver<notify::Result<Event>>,
}

impl Watching {
    fn start(folders: &[PathBuf]) -> Self {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(sender).and_then(|mut watcher| {
            for folder in folders {
                watcher.watch(folder, RecursiveMode::Recursive)?;
            }
            Ok(watcher)
        });
        let watcher = watcher
            .inspect_err(|error| tracing::warn!(%error, "no file system events; making a pass every ten seconds instead"))
            .ok();
        Self { watcher, events }
    }

    fn interval(&self) -> Duration {
        match self.watcher {
            Some(_) => INTERVAL,
            None => INTERVAL_WITHOUT_EVENTS,
        }
    }

    /// Waits at most [`TICK`] for events, and calls `each` with the paths that may need a pass.
    fn take_events(&self, mut each: impl FnMut(&Path)) {
        if self.watcher.is_none() {
            std::thread::sleep(TICK);
            return;
        }
        let first = match self.events.recv_timeout(TICK) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => return,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(TICK);
                return;
            }
        };
        for event in std::iter::once(first).chain(self.events.try_iter()) {
            match event {
                Ok(event) if matters(&event.kind) => {
                    event
                        .paths
                        .iter()
                        .filter(|path| is_of_interest(path))
                        .for_each(|path| each(path));
                    // Some systems only report that events were lost.
                    if event.need_rescan() {
                        each(Path::new(""));
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(%error, "an event could not be read");
                    each(Path::new(""));
                }
            }
        }
    }
}

/// Whether an event may be a change; reading a file is none.
fn matters(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Access(_))
}

/// Whether a path may be music, credits or a folder: anything but files of a catalog and files still being written.
fn is_of_interest(path: &Path) -> bool {
    let in_catalog = path
        .ancestors()
        .skip(1)
        .take(2)
        .any(|dir| dir.join(DATABASE).is_file());
    !in_catalog && !folders::is_unfinished(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_waits_for_the_quiet_time_and_at_most_ten_seconds() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut waiting = Waiting::new(start, INTERVAL);
        assert!(!waiting.is_over(at(20_000)), "nothing happened");
        waiting.event(at(20_000));
        assert!(!waiting.is_over(at(21_000)));
        assert!(waiting.is_over(at(22_000)));
        for second in 22..=30 {
            waiting.event(at(second * 1_000));
        }
        assert!(waiting.is_over(at(30_001)), "ten seconds of changes");
        let waiting = Waiting::new(start, INTERVAL);
        assert!(
            waiting.is_over(at(300_000)),
            "five minutes without an event"
        );
    }

    #[test]
    fn the_catalogs_own_files_start_no_pass() {
        let dir = tempfile::tempdir().unwrap();
        let catalog = dir.path().join("catalog");
        std::fs::create_dir_all(catalog.join("index")).unwrap();
        std::fs::write(catalog.join(DATABASE), "x").unwrap();
        for path in [
            catalog.join("catalog.sqlite-wal"),
            catalog.join("index/.index-1.part"),
            dir.path().join("a.ogg.part"),
        ] {
            assert!(!is_of_interest(&path), "{}", path.display());
        }
        for name in ["a.FLAC", "credits.toml", "folder", "no ending", "wrong.txt"] {
            assert!(is_of_interest(&dir.path().join(name)), "{name}");
        }
    }
}
