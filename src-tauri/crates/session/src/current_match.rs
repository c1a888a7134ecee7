//! The state of the newest match.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use needledrop_engine::matching::{ClipMatch, TimingsDoc};
use needledrop_engine::projects::ClipId;
use tokio_util::sync::CancellationToken;

use crate::dto::Brief;

/// The match of the open clip.
pub(crate) struct CurrentMatch {
    /// When the match was requested.
    pub started: Instant,
    /// Milliseconds from the request to the first rows, and to the refined ones.
    pub answered_ms: [Option<f64>; 2],
    pub number: u32,
    pub clip: ClipId,
    /// Parent token of the match's jobs; cancelled when another match starts or the clip is closed.
    pub family: CancellationToken,
    /// The brief of the next rows, and the number of its changes.
    pub brief: Brief,
    pub changes: u64,
    /// Number of the change that the offered rows are for.
    pub offered: u64,
    /// Absent until the first frames are embedded.
    pub clip_match: Option<Arc<Mutex<ClipMatch>>>,
    /// Score of each track of the offered rows.
    pub scores: HashMap<String, f64>,
}

impl CurrentMatch {
    /// Puts the times of this match's two answers into the timings of rows that answer it now.
    pub(crate) fn time(&mut self, refined: bool, timings: &mut TimingsDoc) {
        let now_ms = (self.started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
        let [first, second] = &mut self.answered_ms;
        timings.first_rows = *first.get_or_insert(now_ms);
        timings.total = if refined {
            *second.get_or_insert(now_ms)
        } else {
            timings.first_rows
        };
        timings.watch = timings.total - timings.first_rows;
        timings.refine = 0.0;
    }
}
