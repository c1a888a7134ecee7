//! The end of an index run.

use needledrop_engine::music::index::IndexReport;
use serde::Serialize;

use super::values::count;

/// Failed files that the window lists.
const LISTED: usize = 100;

/// What an index run found in the folders.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Indexed {
    /// Tracks that are new in the catalog.
    pub added: u32,
    /// Number of files that are no music that can be read.
    pub failed: u32,
    /// The first 100 of them.
    pub failures: Vec<IndexFailure>,
    /// What was left alone, by kind.
    pub passed_over: Vec<LeftAlone>,
}

/// A file that could not be indexed.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct IndexFailure {
    /// Name of the file, without its folder.
    pub name: String,
    pub message: String,
}

/// Files of one kind that an index run left alone.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LeftAlone {
    /// Such as `resource forks`.
    pub what: String,
    pub count: u32,
}

impl From<&IndexReport> for Indexed {
    fn from(report: &IndexReport) -> Self {
        let failures = report.failed.iter().take(LISTED).map(|failed| {
            let name = failed.file.path.file_name().unwrap_or_default();
            IndexFailure {
                name: name.to_string_lossy().into_owned(),
                message: failed.message.clone(),
            }
        });
        let passed_over = report.passed_over.iter().map(|group| LeftAlone {
            what: group.reason.words().to_owned(),
            count: count(group.count),
        });
        Indexed {
            added: count(report.added),
            failed: count(report.failed.len()),
            failures: failures.collect(),
            passed_over: passed_over.collect(),
        }
    }
}
