//! `needledrop index --watch`: the catalog follows the folders.
//!
//! Events of the file system only say when to look; what changed is found by a pass over the folders, which costs a
//! stat a file. So an event that is lost, doubled or strange does no harm: now and then a pass is made unasked.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::credits;
use super::pass::{IndexRequest, pass};
use super::report::IndexReport;
use super::settling::Settling;
use super::walk::is_music;
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::places::Places;

/// Nothing happens to a file for so long before it is read.
const QUIET: Duration = Duration::from_secs(2);
/// While files keep changing a pass is made all the same after so long: those at rest need not wait.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// A pass is made unasked after so long, for events may be lost.
const UNASKED: Duration = Duration::from_secs(300);
/// The same where the file system tells nothing.
const UNASKED_BLIND: Duration = Duration::from_secs(10);
/// How soon a cancel is noticed.
const TICK: Duration = Duration::from_millis(200);

/// Indexes folders, then keeps the catalog up to date with them until the job is cancelled. `each` is given the report
/// of the first pass and of every later one that changed something. The last report is the outcome: completed where
/// the first pass was, for a cancel is how this ends.
///
/// # Errors
/// As [`super::index`]; later also [`EngineError::FolderMissing`] when a folder goes.
pub fn watch(
    places: &Places,
    request: &IndexRequest,
    job: &Job<'_>,
    each: &mut dyn FnMut(&IndexReport),
) -> Result<Outcome<IndexReport>, EngineError> {
    // Watching begins before the first pass, so that nothing falls between.
    let watching = Watching::start(&request.folders);
    let mut last = match pass(places, request, job, None)? {
        Outcome::Completed(report) => report,
        cancelled => return Ok(cancelled),
    };
    each(&last);
    let mut settling = Settling::new(QUIET);
    let mut waiting = Waiting::new(Instant::now(), watching.unasked());
    while !job.is_cancelled() {
        job.report(0, 0, "watching");
        watching.take_events(|path| {
            settling.touched(path, Instant::now());
            waiting.event(Instant::now());
        });
        if !waiting.is_over(Instant::now()) {
            continue;
        }
        waiting = Waiting::new(Instant::now(), watching.unasked());
        let mut held = 0;
        let mut hold = |file: &super::walk::MusicFile| {
            let hold = !settling.is_at_rest(file, Instant::now());
            held += usize::from(hold);
            hold
        };
        let report = match pass(places, request, job, Some(&mut hold)) {
            Ok(Outcome::Completed(report)) => report,
            Ok(Outcome::Cancelled(_)) => break,
            // Another run writes to the catalog: this pass is made when that one may have ended.
            Err(EngineError::CatalogBusy { .. }) => {
                waiting.event(Instant::now());
                continue;
            }
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

/// When the next pass is due.
struct Waiting {
    begun: Instant,
    unasked: Duration,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl Waiting {
    fn new(now: Instant, unasked: Duration) -> Self {
        Self {
            begun: now,
            unasked,
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
        since(self.begun) >= self.unasked
            || self.last.is_some_and(|at| since(at) >= QUIET)
            || self.first.is_some_and(|at| since(at) >= LONGEST_WAIT)
    }
}

/// Events of some folders.
struct Watching {
    /// Dropping it ends the events. `None` where the file system tells nothing.
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
            .inspect_err(|error| tracing::warn!(%error, "looking every ten seconds instead"))
            .ok();
        Self { watcher, events }
    }

    fn unasked(&self) -> Duration {
        match self.watcher {
            Some(_) => UNASKED,
            None => UNASKED_BLIND,
        }
    }

    /// Waits a tick for events and gives the paths that matter to `each`.
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
                    // Some systems only say that events were lost.
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

/// Reading a file changes nothing.
fn matters(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Access(_))
}

/// Music, credits, and what may be a folder: anything else in a music folder is none of ours.
fn is_of_interest(path: &Path) -> bool {
    is_music(path)
        || path
            .file_name()
            .is_some_and(|name| name == credits::FILE_NAME)
        || path.extension().is_none()
        || path.is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_waits_for_quiet_but_not_for_ever() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut waiting = Waiting::new(start, UNASKED);
        assert!(!waiting.is_over(at(20_000)), "nothing happened");
        waiting.event(at(20_000));
        assert!(!waiting.is_over(at(21_000)));
        assert!(waiting.is_over(at(22_000)));
        for second in 22..=30 {
            waiting.event(at(second * 1_000));
        }
        assert!(waiting.is_over(at(30_001)), "ten seconds of changes");
        let waiting = Waiting::new(start, UNASKED);
        assert!(waiting.is_over(at(300_000)), "now and then unasked");
    }

    #[test]
    fn the_catalogs_own_files_are_no_news() {
        for path in [
            "/m/catalog.sqlite-wal",
            "/m/index/.index-1.part",
            "/m/a.ogg.part",
        ] {
            assert!(!is_of_interest(Path::new(path)), "{path}");
        }
        for path in ["/m/a.FLAC", "/m/credits.toml", "/m/folder"] {
            assert!(is_of_interest(Path::new(path)), "{path}");
        }
    }
}
