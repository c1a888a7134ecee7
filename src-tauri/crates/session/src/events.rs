//! Events: reports of a session to its shell.

use std::sync::Arc;

use needledrop_engine::clip::report::ClipReport;
use needledrop_engine::job::Progress;
use serde::Serialize;

use crate::dto::{CatalogState, Clock, Indexed, Output, Picture, Rows};
use crate::fault::Fault;

/// Receives the events of a session. Any thread calls it, also one that runs a call of the session, so it must not block and
/// must not call the session.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;

/// A report of a session to its shell.
#[expect(
    clippy::large_enum_variant,
    reason = "an event is built once and sent at once"
)]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields' names and types say what they are")]
pub enum Event {
    /// Progress of a running job, at most ten per second.
    Progress { progress: JobProgress },
    /// A job ended: complete, cancelled, or with a fault.
    JobEnded {
        job: u32,
        job_kind: JobKind,
        fault: Option<Fault>,
        cancelled: bool,
    },
    /// Rows of a match. The refined rows come with the clip's report.
    Rows {
        rows: Rows,
        report: Option<ClipReport>,
    },
    /// One picture of a filmstrip: number `index` of `count`, at `time_s` of the clip.
    Film {
        clip: String,
        index: u32,
        count: u32,
        time_s: f64,
        url: String,
    },
    /// A clip's picture changed, for example because its proxy is ready.
    Picture { clip: String, picture: Picture },
    /// The audition's clock: at each change, and four times per second while it plays.
    Clock { clock: Clock },
    /// Playback reached the end of the clip or range.
    Ended,
    /// The sound goes to another device, or to none; `lost` names the device that was removed.
    Device {
        output: Option<Output>,
        lost: Option<String>,
    },
    /// A track's file cannot be played.
    TrackFailed { track_id: String, message: String },
    /// The catalog was opened or changed.
    Catalog { catalog: CatalogState },
    /// An index run has ended; its job ends next.
    Indexed { indexed: Indexed },
    /// Another launch of the application asks to open this path.
    Open { path: String },
    /// Something the editor chose could not be written to the disk.
    NotSaved { fault: Fault },
}

/// Progress of a running job.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct JobProgress {
    /// Number of the job.
    pub job: u32,
    /// Kind of the job.
    pub kind: JobKind,
    /// The present step in a word or two, or the name of a file if the units are files.
    pub phase: String,
    /// Number of complete units: files, frames or bytes.
    pub done: f64,
    /// Number of all units; 0 while it is not known.
    pub total: f64,
    /// Estimated seconds to the end.
    pub left_s: Option<f64>,
    /// Files per minute, if the units are files.
    pub files_per_minute: Option<f64>,
}

impl JobProgress {
    pub(crate) fn new(job: u32, kind: JobKind, progress: Progress) -> Self {
        Self {
            job,
            kind,
            phase: progress.phase,
            done: progress.done as f64,
            total: progress.total as f64,
            left_s: progress.pace.map(|pace| pace.left_s),
            files_per_minute: progress.pace.map(|pace| pace.files_per_s * 60.0),
        }
    }
}

/// The kinds of long work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Embeds the clip and finds the first rows.
    Match,
    /// Analyses cuts, motion and sound, then refines the rows.
    Watch,
    /// Encodes a proxy that the window can play.
    Proxy,
    /// Decodes the pictures of the filmstrip.
    Film,
    /// Indexes folders of music into the catalog.
    Index,
    /// Downloads a model pack.
    Pack,
}

impl JobKind {
    /// The work as a noun phrase, for messages.
    pub(crate) fn activity(self) -> &'static str {
        match self {
            JobKind::Match => "the match",
            JobKind::Watch => "the clip's analysis",
            JobKind::Proxy => "the making of the proxy",
            JobKind::Film => "the filmstrip",
            JobKind::Index => "indexing",
            JobKind::Pack => "the download of the model pack",
        }
    }
}
