//! A bound on the work that one file may cause.

use std::time::Duration;

use needledrop_audio::{AudioError, Metadata};

use crate::sound::{Decoded, decode_bytes};

/// Limit of the processor time for one file, in a debug build. Time in which other programs run
/// does not count.
const MOST: Duration = Duration::from_secs(10);

/// Decodes and reads tags.
pub fn decode_bounded(what: &str, bytes: Vec<u8>) -> Result<Decoded, AudioError> {
    bounded(what, || {
        Metadata::from_bytes(&bytes);
        decode_bytes(bytes.clone())
    })
}

/// Runs a part of a test on this thread and checks the processor time that it took.
pub fn bounded<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let before = processor_time();
    let result = run();
    let took = processor_time().saturating_sub(before);
    assert!(took < MOST, "{what}: took {took:?} of processor time");
    result
}

/// Processor time of this thread so far; zero if the system does not report it.
fn processor_time() -> Duration {
    let Ok(text) = std::fs::read_to_string("/proc/thread-self/schedstat") else {
        return Duration::ZERO;
    };
    let first = text.split_whitespace().next();
    Duration::from_nanos(first.and_then(|ns| ns.parse().ok()).unwrap_or(0))
}
