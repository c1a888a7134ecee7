//! Long work: each job is a thread with a number. Its progress and its end are events, and a job always ends: a panic
//! inside it becomes a fault.
//!
//! Every cancellation goes through [`Jobs`], which wakes the threads that wait for the end of a job.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use needledrop_engine::job::{Job, Outcome, Progress};
use tokio_util::sync::CancellationToken;

use crate::events::{Event, EventSink, JobKind, JobProgress};
use crate::fault::Fault;
use crate::sync::lock;

/// The result of a job's work.
pub(crate) type Ending = Result<Outcome<()>, Fault>;

/// The running jobs of a session.
#[derive(Clone)]
pub(crate) struct Jobs {
    shared: Arc<Shared>,
}

struct Shared {
    sink: EventSink,
    next: AtomicU32,
    running: Mutex<BTreeMap<u32, Running>>,
    /// Notified when a job starts, ends or is cancelled.
    changed: Condvar,
}

struct Running {
    kind: JobKind,
    cancel: CancellationToken,
}

impl Jobs {
    pub(crate) fn new(sink: EventSink) -> Self {
        Self {
            shared: Arc::new(Shared {
                sink,
                next: AtomicU32::new(1),
                running: Mutex::default(),
                changed: Condvar::new(),
            }),
        }
    }

    /// Starts a job; returns its number.
    pub(crate) fn start(
        &self,
        kind: JobKind,
        work: impl FnOnce(&Job<'_>) -> Ending + Send + 'static,
    ) -> u32 {
        self.start_with(kind, CancellationToken::new(), work)
    }

    /// Starts a job that is cancelled when its family is.
    pub(crate) fn start_child(
        &self,
        family: &CancellationToken,
        kind: JobKind,
        work: impl FnOnce(&Job<'_>) -> Ending + Send + 'static,
    ) -> u32 {
        self.start_with(kind, family.child_token(), work)
    }

    fn start_with(
        &self,
        kind: JobKind,
        cancel: CancellationToken,
        work: impl FnOnce(&Job<'_>) -> Ending + Send + 'static,
    ) -> u32 {
        let number = self.shared.next.fetch_add(1, Ordering::Relaxed);
        let running = Running {
            kind,
            cancel: cancel.clone(),
        };
        lock(&self.shared.running).insert(number, running);
        self.shared.changed.notify_all();
        // From here the job ends in every case: the guard reports the end when it is dropped.
        let ended = Ended {
            shared: self.shared.clone(),
            number,
            kind,
            ending: None,
        };
        let thread = thread::Builder::new().name(format!("{kind:?} {number}"));
        let spawned = thread.spawn(move || {
            let shared = ended.shared.clone();
            let report = |progress| shared.progress(number, kind, progress);
            let job = Job::new(cancel, &report);
            let ending = catch_unwind(AssertUnwindSafe(|| work(&job)))
                .unwrap_or_else(|panic| Err(panicked(kind, panic.as_ref())));
            ended.with(ending);
        });
        if let Err(error) = spawned {
            tracing::error!("no thread for a job: {error}");
        }
        number
    }

    /// Cancels a job; one that has ended is ignored.
    pub(crate) fn cancel(&self, number: u32) {
        if let Some(running) = lock(&self.shared.running).get(&number) {
            running.cancel.cancel();
        }
        self.shared.changed.notify_all();
    }

    /// Cancels all jobs of some kinds.
    pub(crate) fn cancel_all(&self, kinds: &[JobKind]) {
        for running in lock(&self.shared.running).values() {
            if kinds.contains(&running.kind) {
                running.cancel.cancel();
            }
        }
        self.shared.changed.notify_all();
    }

    /// Cancels a family of jobs, also those that are started later.
    pub(crate) fn cancel_family(&self, family: &CancellationToken) {
        let running = lock(&self.shared.running);
        family.cancel();
        drop(running);
        self.shared.changed.notify_all();
    }

    /// Waits until no job of a kind runs; returns early when `job` is cancelled.
    pub(crate) fn wait_idle(&self, kind: JobKind, job: &Job<'_>) {
        self.wait(None, |jobs| job.is_cancelled() || !runs(jobs, kind));
    }

    /// Waits for a job of a kind to start, for `patience` at most; returns whether one runs.
    pub(crate) fn wait_for_start(&self, kind: JobKind, patience: Duration, job: &Job<'_>) -> bool {
        self.wait(Some(patience), |jobs| {
            job.is_cancelled() || runs(jobs, kind)
        });
        !job.is_cancelled() && runs(&lock(&self.shared.running), kind)
    }

    /// Waits until no job runs.
    pub(crate) fn wait_all(&self) {
        self.wait(None, BTreeMap::is_empty);
    }

    /// Cancels every job and waits for their ends, `patience` at most.
    pub(crate) fn end_all(&self, patience: Duration) {
        for running in lock(&self.shared.running).values() {
            running.cancel.cancel();
        }
        self.shared.changed.notify_all();
        self.wait(Some(patience), BTreeMap::is_empty);
    }

    /// Number of the running job of a kind, if one runs.
    pub(crate) fn running(&self, kind: JobKind) -> Option<u32> {
        let running = lock(&self.shared.running);
        running
            .iter()
            .find(|(_, running)| running.kind == kind)
            .map(|(number, _)| *number)
    }

    fn wait(&self, patience: Option<Duration>, done: impl Fn(&BTreeMap<u32, Running>) -> bool) {
        let until = patience.map(|patience| Instant::now() + patience);
        let mut running = lock(&self.shared.running);
        while !done(&running) {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            running = match left {
                Some(left) if left.is_zero() => return,
                Some(left) => {
                    let woken = self.shared.changed.wait_timeout(running, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let woken = self.shared.changed.wait(running);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }
}

fn runs(jobs: &BTreeMap<u32, Running>, kind: JobKind) -> bool {
    jobs.values().any(|running| running.kind == kind)
}

impl Shared {
    fn progress(&self, job: u32, kind: JobKind, progress: Progress) {
        (self.sink)(Event::Progress {
            progress: JobProgress::new(job, kind, progress),
        });
    }
}

/// Removes a job from the list and reports its end, whether its thread returns or panics.
struct Ended {
    shared: Arc<Shared>,
    number: u32,
    kind: JobKind,
    ending: Option<Ending>,
}

impl Ended {
    fn with(mut self, ending: Ending) {
        self.ending = Some(ending);
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let ending = self.ending.take().unwrap_or_else(|| {
            Err(
                Fault::new("no_thread", "the system could not start a thread")
                    .with_hint("close other programs and try again"),
            )
        });
        lock(&self.shared.running).remove(&self.number);
        self.shared.changed.notify_all();
        let cancelled = matches!(ending, Ok(Outcome::Cancelled(_)));
        if let Err(fault) = &ending {
            tracing::warn!("{:?}: {} ({})", self.kind, fault.message, fault.code);
        }
        (self.shared.sink)(Event::JobEnded {
            job: self.number,
            job_kind: self.kind,
            fault: ending.err(),
            cancelled,
        });
    }
}

fn panicked(kind: JobKind, panic: &(dyn Any + Send)) -> Fault {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    let message = format!("an internal error stopped {}: {text}", kind.activity());
    Fault::new("panicked", message).with_hint("try again; if it happens again, report this text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn jobs() -> (Jobs, mpsc::Receiver<Event>) {
        let (sender, events) = mpsc::channel();
        let sender = Mutex::new(sender);
        let sink: EventSink = Arc::new(move |event| drop(lock(&sender).send(event)));
        (Jobs::new(sink), events)
    }

    fn ended(events: &mpsc::Receiver<Event>) -> (u32, Option<Fault>, bool) {
        loop {
            match events.recv_timeout(Duration::from_secs(30)).unwrap() {
                Event::JobEnded {
                    job,
                    fault,
                    cancelled,
                    ..
                } => return (job, fault, cancelled),
                _ => continue,
            }
        }
    }

    #[test]
    fn a_panic_ends_the_job_with_its_text_and_wakes_waiting_jobs() {
        let (jobs, events) = jobs();
        let (go, gone) = mpsc::channel::<()>();
        let number = jobs.start(JobKind::Match, move |_| {
            gone.recv().unwrap();
            panic!("index 7 of 3")
        });
        let waiting = jobs.clone();
        let film = jobs.start(JobKind::Film, move |job| {
            waiting.wait_idle(JobKind::Match, job);
            Ok(Outcome::Completed(()))
        });
        go.send(()).unwrap();
        let mut ends = [ended(&events), ended(&events)];
        ends.sort_by_key(|(job, ..)| *job);
        let [(first, fault, cancelled), second] = ends;
        assert_eq!((first, cancelled), (number, false));
        let fault = fault.unwrap();
        assert_eq!(fault.code, "panicked");
        assert!(fault.message.contains("index 7 of 3"), "{fault:?}");
        assert_eq!(second, (film, None, false), "the film strip runs");
    }

    #[test]
    fn a_child_started_after_its_family_was_cancelled_is_cancelled() {
        let (jobs, events) = jobs();
        let family = CancellationToken::new();
        jobs.cancel_family(&family);
        jobs.start_child(&family, JobKind::Watch, |job| {
            assert!(job.is_cancelled(), "cancelled before it began");
            Ok(Outcome::Cancelled(None))
        });
        assert!(matches!(ended(&events), (_, None, true)));
    }

    #[test]
    fn cancelling_a_waiting_job_wakes_it() {
        let (jobs, events) = jobs();
        let (go, gone) = mpsc::channel::<()>();
        jobs.start(JobKind::Match, move |_| {
            gone.recv().unwrap();
            Ok(Outcome::Completed(()))
        });
        let waiting = jobs.clone();
        let film = jobs.start(JobKind::Film, move |job| {
            waiting.wait_idle(JobKind::Match, job);
            Ok(Outcome::Cancelled(None))
        });
        jobs.cancel_all(&[JobKind::Film]);
        assert_eq!(ended(&events), (film, None, true), "the match still runs");
        go.send(()).unwrap();
        jobs.wait_all();
    }

    #[test]
    fn ending_all_waits_for_the_jobs_that_stop() {
        let (jobs, events) = jobs();
        let watch = jobs.start(JobKind::Watch, |job| {
            while !job.is_cancelled() {
                thread::yield_now();
            }
            Ok(Outcome::Cancelled(None))
        });
        jobs.end_all(Duration::from_secs(30));
        assert_eq!(jobs.running(JobKind::Watch), None);
        assert_eq!(ended(&events), (watch, None, true));
    }

    #[test]
    fn waiting_for_a_start_ends_after_its_patience() {
        let (jobs, _events) = jobs();
        let nothing = |_| ();
        let job = Job::new(CancellationToken::new(), &nothing);
        assert!(!jobs.wait_for_start(JobKind::Match, Duration::from_millis(1), &job));
    }
}
