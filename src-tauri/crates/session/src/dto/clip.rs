//! Documents of clips, bins and picks.

use std::path::Path;

use needledrop_engine::projects;
use serde::Serialize;

use super::rows::{Filters, TermWeights};
use super::values::display_path;

/// The result of opening a path.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Opened {
    /// A clip, which is open now.
    Clip { clip: Box<Clip> },
    /// A folder with its clips, newest first. No clip is open.
    Bin {
        path: String,
        clips: Vec<RecentClip>,
    },
    /// Another path was opened or the clip was closed meanwhile; nothing changed.
    Superseded,
}

/// The open clip, with the settings of its match.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Clip {
    /// The clip's id: every call that changes the clip names it.
    pub clip: String,
    pub path: String,
    pub name: String,
    pub duration_s: f64,
    /// Frame rate as a fraction.
    pub fps_num: u32,
    pub fps_den: u32,
    /// Timecode of the first frame, if camera or recorder wrote one.
    pub start_timecode: Option<StartTimecode>,
    /// Name of the reel, tape or card, if the file has one.
    pub reel: Option<String>,
    /// Size in pixels with pixel aspect and rotation applied.
    pub width: u32,
    pub height: u32,
    /// Name of the video codec for people.
    pub codec: String,
    pub has_audio: bool,
    /// In and out of the match.
    pub range_s: (f64, f64),
    /// The clip is longer than a match may be and the editor has not chosen a range yet.
    pub ask_range: bool,
    pub picture: Picture,
    /// The brief in words.
    pub brief: String,
    /// Share of the words in the query against the picture, 0 to 1.
    pub words_share: f64,
    pub weights: TermWeights,
    pub filters: Filters,
    /// Cut sensitivity, 0 to 1.
    pub sensitivity: f64,
    pub picks: Vec<Pick>,
}

/// A timecode at the clip's rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StartTimecode {
    /// Number of frames since 00:00:00:00.
    pub frame: f64,
    pub drop_frame: bool,
}

/// The source of the window's `<video>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Picture {
    /// The window can play the file itself.
    Direct { url: String },
    /// A proxy; `reason` says why the window cannot play the file.
    Proxy { url: String, reason: String },
    /// A proxy that is being encoded.
    Making { reason: String },
}

/// A clip that was opened before, or lies in an opened folder.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RecentClip {
    /// Id; empty for a clip that was never opened.
    pub clip: String,
    pub path: String,
    pub name: String,
    /// Name of the folder that holds it.
    pub folder: String,
    /// 0 for a clip that was never opened.
    pub duration_s: f64,
    /// The file is missing.
    pub gone: bool,
    pub picks: u32,
    /// URL of the poster; absent without one.
    pub film_url: Option<String>,
}

impl RecentClip {
    /// A clip that was not opened before.
    pub(crate) fn unopened(path: &Path) -> Self {
        let text = |name: Option<&std::ffi::OsStr>| {
            name.map_or_else(String::new, |name| display_path(name.as_ref()))
        };
        Self {
            clip: String::new(),
            path: display_path(path),
            name: text(path.file_name()),
            folder: text(path.parent().and_then(Path::file_name)),
            duration_s: 0.0,
            gone: false,
            picks: 0,
            film_url: None,
        }
    }
}

/// A track that was saved for a clip.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Pick {
    pub track_id: String,
    pub title: String,
    pub artist: Option<String>,
    pub bpm: Option<f64>,
    pub camelot: Option<String>,
    pub licence: Option<String>,
    /// Second of the track at the in-point.
    pub start_s: f64,
    /// The clip's range when the track was saved.
    pub range_s: (f64, f64),
    pub note: String,
    /// Time of the first saving, in milliseconds since 1970.
    pub saved_ms: f64,
    /// The track's file is missing.
    pub gone: bool,
}

impl From<&projects::Pick> for Pick {
    fn from(pick: &projects::Pick) -> Self {
        Self {
            track_id: pick.track.clone(),
            title: pick.title.clone(),
            artist: pick.artist.clone(),
            bpm: pick.bpm,
            camelot: pick.camelot.clone(),
            licence: pick.licence.clone(),
            start_s: pick.start_s,
            range_s: pick.range.seconds(),
            note: pick.note.clone(),
            saved_ms: pick.saved_ms as f64,
            gone: pick.path.as_ref().is_some_and(|path| !path.exists()),
        }
    }
}

/// A step that was undone or redone.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UndoneStep {
    /// The step in words.
    pub what: String,
    /// The clip that it changed.
    pub clip: Option<String>,
    /// That clip's picks now.
    pub picks: Option<Vec<Pick>>,
}
