//! The state of the newest match.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use needledrop_engine::matching::ClipMatch;
use needledrop_engine::projects::ClipId;
use tokio_util::sync::CancellationToken;

use crate::dto::Brief;

/// The match of the open clip.
pub(crate) struct CurrentMatch {
    pub number: u32,
    pub clip: ClipId,
    /// Cancelled when another match starts or the clip is left; the parent of the match's jobs.
    pub family: CancellationToken,
    /// What the next rows answer, and how often it changed.
    pub brief: Brief,
    pub changes: u64,
    /// The change that the offered rows answer.
    pub offered: u64,
    /// Absent until the first frames are embedded.
    pub clip_match: Option<Arc<Mutex<ClipMatch>>>,
    /// Score of each track of the offered rows.
    pub scores: HashMap<String, f64>,
}
