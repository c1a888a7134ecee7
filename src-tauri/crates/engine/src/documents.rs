//! Parts that several JSON documents of the command contract share.

use std::path::PathBuf;

use needledrop_catalog::{CatalogInfo, Track};
use serde::Serialize;

/// Which catalog answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CatalogDoc {
    /// Its name.
    pub id: String,
    /// Version number of its content; 0 for a catalog that was indexed here.
    pub epoch: u64,
    /// Number of tracks.
    pub tracks: usize,
}

impl From<&CatalogInfo> for CatalogDoc {
    fn from(info: &CatalogInfo) -> Self {
        Self {
            id: info.id.clone(),
            epoch: info.epoch,
            tracks: info.tracks - info.missing.min(info.tracks),
        }
    }
}

/// A track in a list. Fields that are not known are `null`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackDoc {
    /// Id.
    pub track_id: String,
    /// Title.
    pub title: String,
    /// Artist.
    pub artist: Option<String>,
    /// Tempo, beats per minute, to a tenth.
    pub bpm: Option<f64>,
    /// Key, such as `C#m`.
    pub key: Option<String>,
    /// Camelot code of the key, such as `12A`.
    pub camelot: Option<String>,
    /// Length in seconds.
    pub duration_s: f64,
    /// Where to start it, in seconds: its section that fits best.
    pub start_s: f64,
    /// Licence.
    pub licence: Option<String>,
    /// The file.
    pub path: PathBuf,
}

impl TrackDoc {
    /// The document of a track that starts at `start_s`.
    pub fn new(track: &Track, start_s: f64) -> Self {
        let facts = &track.facts;
        let key = facts.key.map(|estimate| estimate.key);
        Self {
            track_id: track.id.clone(),
            title: facts.title.clone(),
            artist: facts.artist.clone(),
            bpm: facts
                .tempo
                .as_ref()
                .map(|tempo| rounded(f64::from(tempo.bpm), 1)),
            key: key.map(|key| key.to_string()),
            camelot: key.map(|key| key.camelot().to_string()),
            duration_s: rounded(facts.duration_s, 3),
            start_s: rounded(start_s, 3),
            licence: facts.licence.clone(),
            path: track.path.clone(),
        }
    }
}

/// A number with so many decimals: what is measured is not known to sixteen digits.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}
