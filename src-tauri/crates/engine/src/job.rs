//! Long work: progress, cancellation, outcome.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use needledrop_audio::AudioError;
use needledrop_media::MediaError;
use tokio_util::sync::CancellationToken;

use crate::error::EngineError;

/// How fast a job goes through files.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    /// Files settled in a second.
    pub files_per_s: f64,
    /// Seconds of sound listened to in a second; 0 while none was.
    pub times_real: f64,
    /// Seconds until the end, as far as can be told.
    pub left_s: f64,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Units done.
    pub done: u64,
    /// Units in all; 0 while that is not known.
    pub total: u64,
    /// What is being done, in a word or two; a file's name where the units are files.
    pub phase: String,
    /// How fast it goes, where that is known.
    pub pace: Option<Pace>,
}

/// How a job ended. A cancelled job is not an error; what it had done by then stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// All of it was done.
    Completed(T),
    /// It was stopped; the value tells how far it came, where that means something.
    Cancelled(Option<T>),
}

impl<T> Outcome<T> {
    /// The same ending with another value.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Outcome::Completed(value) => Outcome::Completed(with(value)),
            Outcome::Cancelled(value) => Outcome::Cancelled(value.map(with)),
        }
    }

    /// The outcome of a call into a crate below, where being cancelled is one of its errors.
    pub(crate) fn from_result<E>(result: Result<T, E>) -> Result<Self, EngineError>
    where
        E: Stopped + Into<EngineError>,
    {
        match result {
            Ok(value) => Ok(Outcome::Completed(value)),
            Err(error) if error.is_cancelled() => Ok(Outcome::Cancelled(None)),
            Err(error) => Err(error.into()),
        }
    }
}

impl<T> From<Option<T>> for Outcome<T> {
    /// The outcome of a call into a crate below that answers `None` where it was cancelled.
    fn from(value: Option<T>) -> Self {
        value.map_or(Outcome::Cancelled(None), Outcome::Completed)
    }
}

/// An error type of a crate below that has a variant for being cancelled.
pub(crate) trait Stopped {
    fn is_cancelled(&self) -> bool;
}

impl Stopped for MediaError {
    fn is_cancelled(&self) -> bool {
        matches!(self, MediaError::Cancelled)
    }
}

impl Stopped for AudioError {
    fn is_cancelled(&self) -> bool {
        matches!(self, AudioError::Cancelled)
    }
}

/// A job's connection to whoever started it: where progress goes and whether to go on.
///
/// Progress is thinned to at most ten reports a second; a new phase and the last unit always
/// pass.
pub struct Job<'a> {
    cancel: CancellationToken,
    sink: &'a (dyn Fn(Progress) + Sync),
    last: Mutex<Throttle>,
}

#[derive(Default)]
struct Throttle {
    at: Option<Instant>,
    total: u64,
}

/// Shortest time between two reports.
const INTERVAL: Duration = Duration::from_millis(100);

impl<'a> Job<'a> {
    /// A job that reports to `sink` and stops soon after `cancel` is cancelled.
    pub fn new(cancel: CancellationToken, sink: &'a (dyn Fn(Progress) + Sync)) -> Self {
        Self {
            cancel,
            sink,
            last: Mutex::new(Throttle::default()),
        }
    }

    /// A part of this job that can be cancelled alone, and is cancelled with it.
    pub fn child(&self) -> Job<'a> {
        Job::new(self.cancel.child_token(), self.sink)
    }

    /// The token, for code that checks it itself.
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// True once the job should stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Tells how far it is.
    pub fn report(&self, done: u64, total: u64, phase: &str) {
        self.report_pace(done, total, phase, None);
    }

    /// Tells how far it is and how fast it goes.
    pub fn report_pace(&self, done: u64, total: u64, phase: &str, pace: Option<Pace>) {
        if self.due(Instant::now(), done, total) {
            (self.sink)(Progress {
                done,
                total,
                phase: phase.to_owned(),
                pace,
            });
        }
    }

    fn due(&self, now: Instant, done: u64, total: u64) -> bool {
        let Ok(mut last) = self.last.lock() else {
            return false;
        };
        let rested = last
            .at
            .is_none_or(|at| now.saturating_duration_since(at) >= INTERVAL);
        let notable = total != last.total || (total > 0 && done >= total);
        if rested || notable {
            last.at = Some(now);
            last.total = total;
        }
        rested || notable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_thinned_to_ten_a_second_but_the_end_is_told() {
        let told = Mutex::new(Vec::new());
        let sink = |p: Progress| told.lock().unwrap().push(p.done);
        let job = Job::new(CancellationToken::new(), &sink);
        let start = Instant::now();
        let mut passed = Vec::new();
        for ms in 0..1000_u64 {
            if job.due(start + Duration::from_millis(ms), ms, 1000) {
                passed.push(ms);
            }
        }
        assert_eq!(passed.len(), 10, "one in 100 ms: {passed:?}");
        assert!(job.due(start + Duration::from_millis(1000), 1000, 1000));
        job.report(1000, 1000, "end");
        assert_eq!(
            *told.lock().unwrap(),
            [1000],
            "the last unit is always told"
        );
    }
}
