//! Long work: progress, cancellation, outcome.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use needledrop_audio::AudioError;
use needledrop_media::MediaError;
use tokio_util::sync::CancellationToken;

use crate::error::EngineError;

/// The speed of a job that works through files.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    /// Files finished per second: analysed, known or failed.
    pub files_per_s: f64,
    /// Seconds of sound analysed per second; 0 while no file has been analysed.
    pub times_real: f64,
    /// Estimated seconds until the end.
    pub left_s: f64,
}

/// The progress of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Finished units: files, frames, bytes or tenths of a second, by job.
    pub done: u64,
    /// All units; 0 while their number is unknown.
    pub total: u64,
    /// The current step in a few words, or the name of the current file.
    pub phase: String,
    /// Absent for other work than indexing, and while it cannot be estimated.
    pub pace: Option<Pace>,
}

/// The end of a job. A cancelled job is not an error, and what it had finished is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// The job ran to its end.
    Completed(T),
    /// The user stopped the job. The value describes what was finished, for jobs where a part is useful.
    Cancelled(Option<T>),
}

impl<T> Outcome<T> {
    /// Converts the value with a function.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Outcome::Completed(value) => Outcome::Completed(with(value)),
            Outcome::Cancelled(value) => Outcome::Cancelled(value.map(with)),
        }
    }

    /// Converts the result of a lower crate, whose errors include a variant for being cancelled.
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
    /// Converts the answer of a lower crate that returns `None` when it was cancelled.
    fn from(value: Option<T>) -> Self {
        value.map_or(Outcome::Cancelled(None), Outcome::Completed)
    }
}

/// An error type with a variant for being cancelled.
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

/// What a job gets from its caller: a sink for progress and a token that stops it.
///
/// The sink gets at most ten reports a second, and always the first report of a new total and the last one.
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

    /// A job with the same sink that can be cancelled by itself, and is cancelled with this one.
    pub fn child(&self) -> Job<'a> {
        Job::new(self.cancel.child_token(), self.sink)
    }

    /// The token, for the crates below.
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Whether the job has to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Reports progress without a pace.
    pub fn report(&self, done: u64, total: u64, phase: &str) {
        self.report_pace(done, total, phase, None);
    }

    /// Reports progress with a pace.
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
    fn progress_is_reported_ten_times_a_second_and_at_the_end() {
        let reported = Mutex::new(Vec::new());
        let sink = |p: Progress| reported.lock().unwrap().push(p.done);
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
            *reported.lock().unwrap(),
            [1000],
            "the last unit is always reported"
        );
    }
}
