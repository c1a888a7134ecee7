//! Decides which files are at rest: a file that is still being copied is not indexed yet.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::walk::MusicFile;

/// The last known state of a file.
#[derive(Clone, Copy)]
struct Look {
    /// Length and time of change; `None` if only an event named the file.
    state: Option<(u64, i64)>,
    since: Instant,
}

/// Files that changed recently.
pub(super) struct Settling {
    quiet: Duration,
    looks: HashMap<PathBuf, Look>,
}

impl Settling {
    /// A file is at rest after no change for `quiet`.
    pub(super) fn new(quiet: Duration) -> Self {
        Self {
            quiet,
            looks: HashMap::new(),
        }
    }

    /// Records a change of the file at `path`.
    pub(super) fn touched(&mut self, path: &Path, now: Instant) {
        let state = self.looks.get(path).and_then(|look| look.state);
        self.looks
            .insert(path.to_owned(), Look { state, since: now });
    }

    /// Whether a file in this state is at rest. A file that was not known before is not.
    pub(super) fn is_at_rest(&mut self, file: &MusicFile, now: Instant) -> bool {
        let state = Some((file.bytes, file.modified_ns));
        match self.looks.get_mut(&file.path) {
            Some(look) if look.state == state => {
                let rested = now.saturating_duration_since(look.since) >= self.quiet;
                if rested {
                    self.looks.remove(&file.path);
                }
                rested
            }
            Some(look) => {
                // After an event, the quiet time counts from the event, not from the first pass that reads the file.
                let first = look.state.is_none();
                let since = if first { look.since } else { now };
                *look = Look { state, since };
                first && now.saturating_duration_since(since) >= self.quiet
            }
            None => {
                self.looks
                    .insert(file.path.clone(), Look { state, since: now });
                false
            }
        }
    }

    /// Forgets files without a change for 30 times the quiet time: they were removed or are indexed.
    pub(super) fn forget_old(&mut self, now: Instant) {
        let long = self.quiet * 30;
        self.looks
            .retain(|_, look| now.saturating_duration_since(look.since) < long);
    }
}

#[cfg(test)]
mod tests {
    use super::super::credits::Credit;
    use super::*;

    fn file(bytes: u64) -> MusicFile {
        MusicFile {
            path: "/m/a.ogg".into(),
            bytes,
            modified_ns: 1,
            credit: Credit::default(),
        }
    }

    #[test]
    fn a_growing_file_is_at_rest_after_the_quiet_time() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut settling = Settling::new(Duration::from_secs(2));
        assert!(!settling.is_at_rest(&file(10), at(0)), "not known before");
        assert!(!settling.is_at_rest(&file(20), at(1_900)), "it grew");
        assert!(!settling.is_at_rest(&file(20), at(3_800)), "1.9 s");
        assert!(settling.is_at_rest(&file(20), at(3_900)));
    }

    #[test]
    fn an_event_starts_the_quiet_time_again() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut settling = Settling::new(Duration::from_secs(2));
        settling.touched(Path::new("/m/a.ogg"), at(0));
        assert!(!settling.is_at_rest(&file(10), at(1_000)));
        settling.touched(Path::new("/m/a.ogg"), at(1_500));
        assert!(!settling.is_at_rest(&file(10), at(3_000)));
        assert!(settling.is_at_rest(&file(10), at(3_500)));
    }
}
