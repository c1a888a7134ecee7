//! The kinds of worker threads.

/// What a worker thread reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WorkerKind {
    /// Ranges whose absence is heard as silence. Waits for nothing else.
    Urgent,
    /// All other ranges of tracks, at a low priority, which a thread cannot raise again.
    ReadAhead,
    /// The clip's own sound: seeking in a video file is slow, so it has a thread of its own.
    Clip,
}

/// The kind of each worker thread.
pub(super) const WORKERS: [WorkerKind; 4] = [
    WorkerKind::Urgent,
    WorkerKind::ReadAhead,
    WorkerKind::ReadAhead,
    WorkerKind::Clip,
];
