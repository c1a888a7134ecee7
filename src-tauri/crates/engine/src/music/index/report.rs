//! The report of an index run.

use needledrop_catalog::Recording;
use serde::Serialize;

use super::passed_over::PassedOver;
use crate::file_doc::FileDoc;
use crate::library::documents::CatalogDoc;

/// The result of an index run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexReport {
    /// `completed` or `cancelled`.
    pub outcome: &'static str,
    /// The catalog after the run.
    pub catalog: CatalogDoc,
    /// Number of music files in the folders, the failed ones included.
    pub found: usize,
    /// Number of new tracks.
    pub added: usize,
    /// Number of tracks analysed again, because an older version of the program had analysed them.
    pub renewed: usize,
    /// Number of files whose content was known: renamed, copied or rewritten ones.
    pub known: usize,
    /// Number of tracks with changed credits.
    pub credited: usize,
    /// Number of files that did not change.
    pub unchanged: usize,
    /// Number of files of the catalog below these folders that do not exist any more.
    pub missing: usize,
    /// Recordings that the catalog holds in more than one encoding.
    pub duplicates: Vec<DuplicateDoc>,
    /// Files that could not be analysed.
    pub failed: Vec<FailedFile>,
    /// What is no music, by reason.
    pub passed_over: Vec<PassedOver>,
    /// Duration of the run.
    pub seconds: f64,
}

/// A file that could not be analysed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedFile {
    /// The music file, or a folder that cannot be read.
    #[serde(flatten)]
    pub file: FileDoc,
    /// Code of the error, such as `undecodable`.
    pub code: String,
    /// Message of the error.
    pub message: String,
}

/// A recording that the catalog has in several encodings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DuplicateDoc {
    /// Id of the track that searches and matches list.
    pub offered: String,
    /// Ids of the tracks that they leave out.
    pub others: Vec<String>,
}

impl From<Recording> for DuplicateDoc {
    fn from(recording: Recording) -> Self {
        Self {
            offered: recording.offered,
            others: recording.others,
        }
    }
}

impl IndexReport {
    pub(super) fn empty() -> Self {
        Self {
            outcome: "completed",
            catalog: CatalogDoc {
                id: String::new(),
                epoch: 0,
                tracks: 0,
            },
            found: 0,
            added: 0,
            renewed: 0,
            known: 0,
            credited: 0,
            unchanged: 0,
            missing: 0,
            duplicates: Vec::new(),
            failed: Vec::new(),
            passed_over: Vec::new(),
            seconds: 0.0,
        }
    }

    /// Whether the run changed the catalog.
    pub fn changed(&self) -> bool {
        self.added + self.renewed + self.known + self.credited > 0
    }
}
