//! What indexing did.

use std::path::PathBuf;

use needledrop_catalog::Recording;
use serde::Serialize;

use crate::library::documents::CatalogDoc;

/// What indexing did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexReport {
    /// `completed` or `cancelled`.
    pub outcome: &'static str,
    /// The catalog as it is now.
    pub catalog: CatalogDoc,
    /// Music files found.
    pub found: usize,
    /// Tracks analysed and added.
    pub added: usize,
    /// Tracks analysed again, because the program hears more than when they were added.
    pub renewed: usize,
    /// Files whose content was known already: renamed, copied or touched ones.
    pub known: usize,
    /// Tracks whose credits changed.
    pub credited: usize,
    /// Files that were indexed as they are.
    pub unchanged: usize,
    /// Files of the catalog below these folders that are gone.
    pub missing: usize,
    /// Recordings that the catalog holds in more than one encoding.
    pub duplicates: Vec<DuplicateDoc>,
    /// Files that could not be analysed.
    pub failed: Vec<FailedFile>,
    /// How long it took.
    pub seconds: f64,
}

/// A file that could not be analysed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedFile {
    /// The file.
    pub path: PathBuf,
    /// Code of the error.
    pub code: String,
    /// Its message.
    pub message: String,
}

/// One recording that several tracks hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DuplicateDoc {
    /// Id of the track that searches and matches offer.
    pub offered: String,
    /// Ids of the tracks that stand behind it.
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
    pub(super) fn empty(found: usize) -> Self {
        Self {
            outcome: "completed",
            catalog: CatalogDoc {
                id: String::new(),
                epoch: 0,
                tracks: 0,
            },
            found,
            added: 0,
            renewed: 0,
            known: 0,
            credited: 0,
            unchanged: 0,
            missing: 0,
            duplicates: Vec::new(),
            failed: Vec::new(),
            seconds: 0.0,
        }
    }

    /// Whether the catalog is another than before.
    pub fn changed(&self) -> bool {
        self.added + self.renewed + self.known + self.credited > 0
    }
}
