//! Clips, picks, and what a clip is matched with.

use std::path::Path;

use needledrop_engine::projects;
use serde::{Deserialize, Serialize};

use crate::shelf::shown;

/// An opened clip.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Clip {
    /// Its id.
    pub clip: String,
    /// The file.
    pub path: String,
    /// Name of the file.
    pub name: String,
    /// Length.
    pub duration_s: f64,
    /// Frame rate, numerator.
    pub fps_num: i32,
    /// Frame rate, denominator.
    pub fps_den: i32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Name of the picture's codec.
    pub codec: String,
    /// It has sound of its own.
    pub has_audio: bool,
    /// In and out.
    pub range_s: (f64, f64),
    /// It is longer than a match may be: the range is a suggestion until the editor says so.
    pub ask_range: bool,
    /// What the `<video>` shows.
    pub picture: Picture,
    /// What the music should be, in words.
    pub brief: String,
    /// How much the words count, 0 to 1.
    pub words_share: f64,
    /// Weights of the four terms.
    pub weights: TermWeights,
    /// What a track must be to be offered.
    pub filters: Filters,
    /// How readily a change of the picture is called a cut, 0 to 1.
    pub sensitivity: f64,
    /// Its picks.
    pub picks: Vec<Pick>,
}

/// What the `<video>` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Picture {
    /// The file itself.
    Direct {
        /// Where it is to be had.
        url: String,
    },
    /// A proxy.
    Proxy {
        /// Where it is to be had.
        url: String,
        /// Why not the file itself.
        reason: String,
    },
    /// A proxy that is being made.
    Making {
        /// Why not the file itself.
        reason: String,
    },
}

/// Four numbers, one a term: weights or scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TermWeights {
    pub visual: f64,
    pub tempo: f64,
    pub tags: f64,
    pub key: f64,
}

impl Default for TermWeights {
    fn default() -> Self {
        let [visual, tempo, tags, key] = needledrop_engine::ranking::Weights::default().shares();
        Self {
            visual,
            tempo,
            tags,
            key,
        }
    }
}

/// What a track must be to be offered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Filters {
    /// Beats per minute from … to.
    pub bpm: Option<(f64, f64)>,
    /// Camelot code that its key must fit.
    pub key: Option<String>,
    /// Tags that it must carry.
    pub tags: Vec<String>,
    /// Sung or not.
    pub voices: Voices,
    /// Length from … to.
    pub duration_s: Option<(f64, f64)>,
    /// Licences, one of which it must have.
    pub licences: Vec<String>,
}

/// Sung or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Voices {
    /// Either.
    #[default]
    Any,
    /// Without voices.
    Instrumental,
    /// With voices.
    Vocal,
}

/// A clip that was opened before.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecentClip {
    /// Its id.
    pub clip: String,
    /// The file.
    pub path: String,
    /// Name of the file.
    pub name: String,
    /// Name of the folder.
    pub folder: String,
    /// Length; 0 where it was never opened.
    pub duration_s: f64,
    /// The file is gone.
    pub gone: bool,
    /// Number of its picks.
    pub picks: u32,
    /// A picture of it.
    pub film_url: Option<String>,
}

impl RecentClip {
    /// A clip of a folder that was not opened before.
    pub fn unopened(path: &Path) -> Self {
        let folder = path.parent().and_then(Path::file_name);
        Self {
            clip: String::new(),
            path: shown(path),
            name: path
                .file_name()
                .map_or_else(String::new, |n| shown(n.as_ref())),
            folder: folder.map_or_else(String::new, |n| shown(n.as_ref())),
            duration_s: 0.0,
            gone: false,
            picks: 0,
            film_url: None,
        }
    }
}

/// A saved track.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Pick {
    /// The track.
    pub track_id: String,
    /// Title.
    pub title: String,
    /// Artist.
    pub artist: Option<String>,
    /// Beats per minute.
    pub bpm: Option<f64>,
    /// Camelot code of the key.
    pub camelot: Option<String>,
    /// Licence.
    pub licence: Option<String>,
    /// Second of the track at the in-point.
    pub start_s: f64,
    /// In and out that it was picked for.
    pub range_s: (f64, f64),
    /// What the editor noted.
    pub note: String,
    /// Milliseconds since 1970.
    pub saved_ms: f64,
    /// Its file is gone.
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
            range_s: pick.range_s,
            note: pick.note.clone(),
            saved_ms: pick.saved_ms as f64,
            gone: pick.path.as_ref().is_some_and(|path| !path.exists()),
        }
    }
}

/// A step that was taken back, or done again.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Undone {
    /// What the editor had done.
    pub what: String,
    /// The clip it was about.
    pub clip: Option<String>,
    /// That clip's picks now.
    pub picks: Option<Vec<Pick>>,
}
