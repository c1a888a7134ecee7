//! Writes the newest value of each key to the disk from one thread, a moment after it changed.
//!
//! A caller does not wait for the disk. Waiting values of the same key are merged; the order of writing is that of
//! the first changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::sync::lock;

/// A queue of values to write, one per key.
pub(crate) struct WriteBehind<K: Ord, V> {
    shared: Arc<Shared<K, V>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared<K: Ord, V> {
    queue: Mutex<Queue<K, V>>,
    changed: Condvar,
}

struct Queue<K: Ord, V> {
    waiting: BTreeMap<K, V>,
    /// Time of the next write.
    due: Option<Instant>,
    writing: bool,
    closed: bool,
}

impl<K: Ord + Send + 'static, V: Send + 'static> WriteBehind<K, V> {
    /// Starts the thread. `write` gets each value `delay` after the first change of a batch.
    pub(crate) fn new(delay: Duration, mut write: impl FnMut(K, V) + Send + 'static) -> Self {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue {
                waiting: BTreeMap::new(),
                due: None,
                writing: false,
                closed: false,
            }),
            changed: Condvar::new(),
        });
        let own = shared.clone();
        let thread = thread::Builder::new()
            .name("write behind".to_owned())
            .spawn(move || {
                while let Some(batch) = own.next(delay) {
                    for (key, value) in batch {
                        write(key, value);
                    }
                }
            });
        if let Err(error) = &thread {
            tracing::error!("no thread for writing: {error}");
        }
        Self {
            shared,
            thread: thread.ok(),
        }
    }

    /// Puts a value; `merge` folds it into one of the same key that still waits.
    pub(crate) fn put(&self, key: K, value: V, merge: impl FnOnce(&mut V, V)) {
        let mut queue = lock(&self.shared.queue);
        match queue.waiting.get_mut(&key) {
            Some(waiting) => merge(waiting, value),
            None => drop(queue.waiting.insert(key, value)),
        }
        queue.due.get_or_insert_with(Instant::now);
        self.shared.changed.notify_all();
    }

    /// Waits until everything that was put is written.
    pub(crate) fn flush(&self) {
        let mut queue = lock(&self.shared.queue);
        // The values are written now, without the delay.
        if queue.due.is_some() {
            queue.due = Some(Instant::now() - Duration::from_secs(3600));
            self.shared.changed.notify_all();
        }
        while self.thread.is_some() && (queue.writing || !queue.waiting.is_empty()) {
            let woken = self.shared.changed.wait(queue);
            queue = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<K: Ord, V> Shared<K, V> {
    /// The next batch; `None` after the queue is closed and empty.
    fn next(&self, delay: Duration) -> Option<BTreeMap<K, V>> {
        let mut queue = lock(&self.queue);
        queue.writing = false;
        self.changed.notify_all();
        loop {
            let wait = match queue.due {
                None if queue.closed => return None,
                None => None,
                Some(_) if queue.closed => Some(Duration::ZERO),
                Some(since) => Some(delay.saturating_sub(since.elapsed())),
            };
            queue = match wait {
                Some(wait) if wait.is_zero() => {
                    queue.due = None;
                    queue.writing = true;
                    return Some(std::mem::take(&mut queue.waiting));
                }
                Some(wait) => {
                    let woken = self.changed.wait_timeout(queue, wait);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let woken = self.changed.wait(queue);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }
}

impl<K: Ord, V> Drop for WriteBehind<K, V> {
    /// Writes what waits, then stops the thread.
    fn drop(&mut self) {
        lock(&self.shared.queue).closed = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writing thread panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Written = Arc<Mutex<Vec<(u8, u32)>>>;

    fn writer(delay: Duration) -> (WriteBehind<u8, u32>, Written) {
        let written = Written::default();
        let own = written.clone();
        let writer = WriteBehind::new(delay, move |key, value| lock(&own).push((key, value)));
        (writer, written)
    }

    #[test]
    fn values_of_a_key_are_merged_while_they_wait() {
        let (writer, written) = writer(Duration::from_secs(3600));
        for value in 1..=100 {
            writer.put(7, value, |old, new| *old = new);
        }
        writer.put(9, 1, |old, new| *old += new);
        writer.put(9, 2, |old, new| *old += new);
        writer.flush();
        assert_eq!(*lock(&written), [(7, 100), (9, 3)]);
    }

    #[test]
    fn waiting_values_are_written_when_the_writer_is_dropped() {
        let (writer, written) = writer(Duration::from_secs(3600));
        writer.put(1, 5, |old, new| *old = new);
        drop(writer);
        assert_eq!(*lock(&written), [(1, 5)]);
    }

    #[test]
    fn a_value_is_written_without_a_flush() {
        let (sender, written) = std::sync::mpsc::channel();
        let writer = WriteBehind::new(Duration::from_millis(1), move |key: u8, value: u32| {
            sender.send((key, value)).unwrap();
        });
        writer.put(3, 4, |old, new| *old = new);
        let got = written.recv_timeout(Duration::from_secs(30)).unwrap();
        assert_eq!(got, (3, 4));
    }
}
