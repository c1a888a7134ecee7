//! The pace of an index run and the time that is left.
//!
//! The time of an analysis is proportional to the seconds of sound. The length of a file is known only after its
//! analysis, so the sound that is left is estimated from bytes, with a bit rate for each kind of file. At first that
//! is a usual one; with each analysed file, the measured one counts more.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::walk::MusicFile;
use crate::job::Pace;

/// The pace is a weighted mean over the run: work this long ago has half the weight.
const HALF_LIFE_S: f64 = 300.0;
/// No pace is reported before this time.
const LEAST: Duration = Duration::from_secs(1);
/// Weight of the usual bit rate, in seconds of analysed sound.
const USUAL_S: f64 = 300.0;

/// Usual bytes per second of sound: CD quality, lossless compression, 192 kbit/s, 128 kbit/s.
fn usual_bytes_per_s(extension: &str) -> f64 {
    match extension {
        "wav" | "aif" | "aiff" | "caf" => 176_400.0,
        "flac" => 110_000.0,
        "ogg" | "oga" | "opus" => 16_000.0,
        _ => 24_000.0,
    }
}

/// One kind of file, by its extension.
struct Kind {
    /// Bytes of the files that are not settled.
    left_bytes: f64,
    /// Bytes and seconds of the analysed files, plus [`USUAL_S`] at the usual rate.
    known_bytes: f64,
    known_s: f64,
}

impl Kind {
    fn usual(extension: &str) -> Kind {
        Kind {
            left_bytes: 0.0,
            known_bytes: usual_bytes_per_s(extension) * USUAL_S,
            known_s: USUAL_S,
        }
    }

    /// Estimated seconds of sound in a file of so many bytes.
    fn seconds(&self, bytes: f64) -> f64 {
        bytes / self.known_bytes * self.known_s
    }
}

/// Time and finished work, both weighted by age.
#[derive(Default)]
struct Work {
    passed_s: f64,
    files: f64,
    /// Seconds of sound that were analysed.
    heard_s: f64,
    /// Seconds of sound in all settled files, estimated for those that were not analysed.
    settled_s: f64,
}

/// Measures the pace of a run. A file is settled when it was analysed, was known by its content, or failed.
pub(super) struct Meter<'a> {
    files: &'a [MusicFile],
    /// Files analysed at once. Before so many are settled, the work in progress would make the pace too low.
    threads: usize,
    began: Instant,
    at: Instant,
    settled: u64,
    kinds: HashMap<String, Kind>,
    lengths_s: HashMap<usize, f64>,
    work: Work,
}

impl<'a> Meter<'a> {
    /// Starts at `at` with the files to do.
    pub(super) fn new(files: &'a [MusicFile], threads: usize, at: Instant) -> Self {
        let mut kinds: HashMap<String, Kind> = HashMap::new();
        for file in files {
            let extension = extension(file);
            kinds
                .entry(extension.clone())
                .or_insert_with(|| Kind::usual(&extension))
                .left_bytes += file.bytes as f64;
        }
        Self {
            files,
            threads,
            began: at,
            at,
            settled: 0,
            kinds,
            lengths_s: HashMap::new(),
            work: Work::default(),
        }
    }

    /// Number of settled files.
    pub(super) fn settled_files(&self) -> u64 {
        self.settled
    }

    /// Records the length of an analysed file.
    pub(super) fn analysed(&mut self, file: usize, length_s: f64) {
        self.lengths_s.insert(file, length_s);
    }

    /// Records that a file is settled, and returns the pace if it can be estimated.
    pub(super) fn settle(&mut self, file: usize, at: Instant) -> Option<Pace> {
        let bytes = self.files[file].bytes as f64;
        let heard_s = self.lengths_s.remove(&file);
        let kind = self.kinds.get_mut(&extension(&self.files[file]))?;
        kind.left_bytes = (kind.left_bytes - bytes).max(0.0);
        if let Some(length_s) = heard_s {
            kind.known_bytes += bytes;
            kind.known_s += length_s;
        }
        let settled_s = heard_s.unwrap_or_else(|| kind.seconds(bytes));
        self.add(heard_s.unwrap_or(0.0), settled_s, at);
        let is_early =
            self.settled < self.threads as u64 || at.saturating_duration_since(self.began) < LEAST;
        if is_early || self.work.settled_s <= 0.0 {
            return None;
        }
        let left_s: f64 = self.kinds.values().map(|k| k.seconds(k.left_bytes)).sum();
        Some(Pace {
            files_per_s: self.work.files / self.work.passed_s,
            times_real: self.work.heard_s / self.work.passed_s,
            left_s: left_s / self.work.settled_s * self.work.passed_s,
        })
    }

    fn add(&mut self, heard_s: f64, settled_s: f64, at: Instant) {
        let passed_s = at.saturating_duration_since(self.at).as_secs_f64();
        self.at = at;
        self.settled += 1;
        let kept = 0.5_f64.powf(passed_s / HALF_LIFE_S);
        let work = &mut self.work;
        work.passed_s = work.passed_s * kept + passed_s;
        work.files = work.files * kept + 1.0;
        work.heard_s = work.heard_s * kept + heard_s;
        work.settled_s = work.settled_s * kept + settled_s;
    }
}

fn extension(file: &MusicFile) -> String {
    let extension = file.path.extension().unwrap_or_default();
    extension.to_string_lossy().to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
