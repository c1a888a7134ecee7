//! Long work: each job a thread with a number, told of as it goes, stopped by its number.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use needledrop_engine::job::{Job, Outcome, Progress};
use tokio_util::sync::CancellationToken;

use crate::desk::lock;
use crate::fault::Fault;
use crate::told::{JobKind, JobProgress, Teller, Told};

/// How often a job that waits for others looks whether they have ended.
const LOOK: Duration = Duration::from_millis(20);

/// The jobs under way.
#[derive(Clone)]
pub struct Jobs {
    teller: Teller,
    next: Arc<AtomicU32>,
    running: Arc<Mutex<HashMap<u32, (JobKind, CancellationToken)>>>,
}

impl Jobs {
    pub fn new(teller: Teller) -> Self {
        Self {
            teller,
            next: Arc::new(AtomicU32::new(1)),
            running: Arc::default(),
        }
    }

    /// Starts a job. The window is told how far it is and that it ended.
    pub fn start(
        &self,
        kind: JobKind,
        work: impl FnOnce(&Job<'_>) -> Result<Outcome<()>, Fault> + Send + 'static,
    ) -> u32 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let cancel = CancellationToken::new();
        self.lock().insert(number, (kind, cancel.clone()));
        let jobs = self.clone();
        thread::spawn(move || {
            let teller = jobs.teller.clone();
            let tell = |progress: Progress| {
                teller.tell(Told::Progress {
                    progress: JobProgress {
                        job: number,
                        kind,
                        phase: progress.phase,
                        done: progress.done as f64,
                        total: progress.total as f64,
                        left_s: progress.pace.map(|pace| pace.left_s),
                    },
                });
            };
            let outcome = work(&Job::new(cancel, &tell));
            jobs.lock().remove(&number);
            let cancelled = matches!(outcome, Ok(Outcome::Cancelled(_)));
            if let Err(fault) = &outcome {
                tracing::warn!("{kind:?}: {} ({})", fault.message, fault.code);
            }
            jobs.teller.tell(Told::JobEnded {
                job: number,
                job_kind: kind,
                fault: outcome.err(),
                cancelled,
            });
        });
        number
    }

    /// Whether a job of a kind runs, or is started within a moment.
    pub fn soon(&self, kind: JobKind, job: &Job<'_>) -> bool {
        const MOMENT: Duration = Duration::from_millis(150);
        let began = Instant::now();
        while !self.runs(kind) {
            if job.is_cancelled() || began.elapsed() > MOMENT {
                return false;
            }
            thread::sleep(LOOK);
        }
        true
    }

    /// Lets jobs of a kind have the machine first.
    pub fn after(&self, kind: JobKind, job: &Job<'_>) {
        while self.runs(kind) && !job.is_cancelled() {
            thread::sleep(LOOK);
        }
    }

    fn runs(&self, kind: JobKind) -> bool {
        self.lock().values().any(|(running, _)| *running == kind)
    }

    /// Stops a job; one that is over is none.
    pub fn cancel(&self, number: u32) {
        if let Some((_, cancel)) = self.lock().get(&number) {
            cancel.cancel();
        }
    }

    /// Stops all jobs of some kinds.
    pub fn cancel_all(&self, kinds: &[JobKind]) {
        for (kind, cancel) in self.lock().values() {
            if kinds.contains(kind) {
                cancel.cancel();
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u32, (JobKind, CancellationToken)>> {
        lock(&self.running)
    }
}
