//! Pictures that decode alone, read by several readers at once.

use super::{
    order,
    search::{FAILURES, Search, Still, Take},
    seeker::{Key, Known},
};
use crate::{MediaError, convert::FrameConverter, frame::Frame, stream_time::flagged_corrupt};
use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
};

/// Readers that work at the same time; each holds a decoder.
const READERS: usize = 4;

/// State that the readers share.
struct Shared {
    order: Vec<usize>,
    next: AtomicUsize,
    known: Known,
    /// Decoded pictures by the stamps of their packets.
    found: Mutex<HashMap<i64, Frame>>,
}

impl Shared {
    fn keep(&self, stamp: i64, frame: &Frame) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.insert(stamp, frame.clone());
    }

    fn frame(&self, stamp: i64) -> Option<Frame> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.get(&stamp).cloned()
    }
}

/// Result of one reader.
#[derive(Default)]
struct ReadKeys {
    damaged: bool,
    /// Parts whose picture another reader was decoding, with its stamp.
    again: Vec<(usize, i64)>,
}

impl Search<'_> {
    /// Reads the pictures that decode alone with several readers; returns whether one is damaged.
    pub fn keys(&self, take: &mut Take<'_>) -> Result<bool, MediaError> {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let readers = cores.min(READERS).min(self.count.div_ceil(8)).max(1);
        let shared = Shared {
            order: order::coarse_to_fine(self.count),
            next: AtomicUsize::new(0),
            known: Known::default(),
            found: Mutex::default(),
        };
        let mut again = Vec::new();
        let damaged = std::thread::scope(|scope| {
            let (give, given) = mpsc::sync_channel(2 * readers);
            let work: Vec<_> = (0..readers)
                .map(|_| {
                    let give = give.clone();
                    let shared = &shared;
                    scope.spawn(move || self.read_keys(shared, give))
                })
                .collect();
            drop(give);
            for still in given {
                if self.cancel.is_cancelled() || take(still).is_break() {
                    self.stopped.store(true, Ordering::Relaxed);
                    break;
                }
            }
            let (mut damaged, mut worked, mut failed) = (false, false, None);
            for reader in work {
                match reader.join() {
                    Ok(Ok(read)) => {
                        worked = true;
                        damaged |= read.damaged;
                        again.extend(read.again);
                    }
                    Ok(Err(error)) => failed = Some(error),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            match failed {
                // Readers that were stopped by the caller do not report a cancel.
                _ if self.cancel.is_cancelled() => Err(MediaError::Cancelled),
                // If the machine cannot run one more reader, the others go on.
                Some(error) if !worked => Err(error),
                _ => Ok(damaged),
            }
        })?;
        // Pictures that another reader was decoding at that moment.
        for (index, stamp) in again {
            if self.stopped.load(Ordering::Relaxed) {
                break;
            }
            if let Some(frame) = shared.frame(stamp)
                && take(self.again(index, &frame)).is_break()
            {
                self.stopped.store(true, Ordering::Relaxed);
            }
        }
        Ok(damaged)
    }

    fn read_keys(
        &self,
        shared: &Shared,
        give: mpsc::SyncSender<Still>,
    ) -> Result<ReadKeys, MediaError> {
        let mut seeker = self.seeker(&shared.known)?;
        let mut converter = FrameConverter::new(self.size, self.examined.orientation);
        let mut read = ReadKeys::default();
        let mut failures = 0;
        while failures < FAILURES && !self.stopped.load(Ordering::Relaxed) {
            if self.cancel.is_cancelled() {
                return Err(MediaError::Cancelled);
            }
            let at = shared.next.fetch_add(1, Ordering::Relaxed);
            let Some(&index) = shared.order.get(at) else {
                break;
            };
            let wanted_s = self.middle_s(index);
            let still = match seeker.key_near(wanted_s + self.examined.info.origin_s) {
                Ok(Key::Fresh(sample, stamp)) => {
                    read.damaged |= flagged_corrupt(&sample);
                    let still = self.still(index, &sample, &mut converter)?;
                    shared.keep(stamp, &still.frame);
                    still
                }
                Ok(Key::Known(stamp)) => match shared.frame(stamp) {
                    Some(frame) => self.again(index, &frame),
                    None => {
                        read.again.push((index, stamp));
                        continue;
                    }
                },
                Ok(Key::Nothing) => {
                    failures += 1;
                    continue;
                }
                Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
                Err(error) => {
                    tracing::debug!(%error, wanted_s, "a picture is left out");
                    failures += 1;
                    read.damaged = true;
                    seeker = self.seeker(&shared.known)?;
                    continue;
                }
            };
            failures = 0;
            if give.send(still).is_err() {
                break;
            }
        }
        Ok(read)
    }
}
