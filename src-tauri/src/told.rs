//! What the window is told without asking, over one channel.

use std::sync::{Arc, Mutex};

use serde::Serialize;
use tauri::ipc::Channel;

use crate::desk::lock;
use crate::fault::Fault;
use crate::screen::{CatalogState, Clock, Look, Output, Picture, Rows};

/// One thing that happened.
#[expect(
    clippy::large_enum_variant,
    reason = "made one at a time, and sent at once"
)]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Told {
    /// A job is so far.
    Progress {
        /// How far.
        progress: JobProgress,
    },
    /// A job is over.
    JobEnded {
        /// Which.
        job: u32,
        /// What it did.
        job_kind: JobKind,
        /// What went wrong.
        fault: Option<Fault>,
        /// It was stopped.
        cancelled: bool,
    },
    /// Rows of a match.
    Rows {
        /// The rows.
        rows: Rows,
        /// What the clip does in time, with the refined rows.
        look: Option<Look>,
    },
    /// A picture of the filmstrip.
    Film {
        /// Of which clip.
        clip: String,
        /// Its place.
        index: u32,
        /// Out of so many.
        count: u32,
        /// Where in the clip, seconds.
        time_s: f64,
        /// Where it is to be had.
        url: String,
    },
    /// What the `<video>` shows changed.
    Picture {
        /// Of which clip.
        clip: String,
        /// The picture.
        picture: Picture,
    },
    /// Where the sound is.
    Clock {
        /// Where.
        clock: Clock,
    },
    /// The clip or range played to its end.
    Ended,
    /// The sound goes elsewhere, or nowhere.
    Device {
        /// Where it goes.
        output: Option<Output>,
        /// The device that is gone.
        lost: Option<String>,
    },
    /// A track cannot be heard.
    TrackFailed {
        /// Which.
        track_id: String,
        /// Why.
        message: String,
    },
    /// The catalog changed.
    Catalog {
        /// How it is.
        catalog: CatalogState,
    },
    /// The application was asked to open a file.
    Open {
        /// The file.
        path: String,
    },
}

/// How far a job is.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct JobProgress {
    /// Which job.
    pub job: u32,
    /// What it does.
    pub kind: JobKind,
    /// In a word or two.
    pub phase: String,
    /// Units done.
    pub done: f64,
    /// Units in all; 0 while unknown.
    pub total: f64,
    /// Seconds to go, where that can be told.
    pub left_s: Option<f64>,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Looks at the picture and finds the first rows.
    Match,
    /// Watches and hears the clip.
    Watch,
    /// Makes a proxy.
    Proxy,
    /// Makes the filmstrip.
    Film,
    /// Indexes music.
    Index,
    /// Fetches a pack.
    Pack,
}

/// Tells the window; while there is none, nothing is told.
#[derive(Clone, Default)]
pub struct Teller(Arc<Mutex<Option<Channel<Told>>>>);

impl Teller {
    /// The window listens on this channel from now on.
    pub fn listen(&self, channel: Channel<Told>) {
        *lock(&self.0) = Some(channel);
    }

    /// Tells it.
    pub fn tell(&self, told: Told) {
        let channel = lock(&self.0);
        if let Some(channel) = channel.as_ref()
            && let Err(error) = channel.send(told)
        {
            tracing::debug!("the window does not listen: {error}");
        }
    }
}
