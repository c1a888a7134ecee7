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
