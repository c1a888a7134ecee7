//! Work on many rows that can be stopped, and reports how far it is.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio_util::sync::CancellationToken;

/// Work under way, counted in rows.
pub(crate) struct Work<'a> {
    cancel: &'a CancellationToken,
    /// Rows that the whole work goes through, each as often as it is gone through.
    total: usize,
    done: AtomicUsize,
    /// What is reported when everything is done.
    reported: usize,
    progress: &'a (dyn Fn(usize) + Sync),
}

impl<'a> Work<'a> {
    /// Work on `total` rows. `progress` is given the share that is done, from 0 to `reported`.
    pub(crate) fn new(
        total: usize,
        reported: usize,
        cancel: &'a CancellationToken,
        progress: &'a (dyn Fn(usize) + Sync),
    ) -> Self {
        Self {
            cancel,
            total,
            done: AtomicUsize::new(0),
            reported,
            progress,
        }
    }

    /// Whether the work is not cancelled.
    pub(crate) fn go_on(&self) -> bool {
        !self.cancel.is_cancelled()
    }

    /// Records that `rows` more rows are done.
    pub(crate) fn add(&self, rows: usize) {
        let done = self.done.fetch_add(rows, Ordering::Relaxed) + rows;
        (self.progress)((done * self.reported / self.total.max(1)).min(self.reported));
    }
}
