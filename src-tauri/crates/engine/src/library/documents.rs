//! Parts that several JSON documents of the command contract share.

use needledrop_catalog::{CatalogInfo, Track};
use needledrop_ranking::Mood;
use needledrop_timebase::{FrameRange, FrameRate};
use serde::Serialize;

use crate::file_doc::FileDoc;

/// The catalog that answered.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CatalogDoc {
    /// Name of the catalog, by default that of its folder.
    pub id: String,
    /// Version number of its content; 0 for a catalog indexed on this machine.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub epoch: u64,
    /// Number of tracks whose files exist.
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

/// A track in a list. Unknown fields are `null`.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackDoc {
    /// Id made of the content of its file.
    pub track_id: String,
    /// From credits, else from the file's tags, else the file's name.
    pub title: String,
    /// From credits, else from the file's tags.
    pub artist: Option<String>,
    /// Beats per minute, rounded to tenths.
    pub bpm: Option<f64>,
    /// Key, such as `C#m`.
    pub key: Option<String>,
    /// Camelot code of the key, such as `12A`.
    pub camelot: Option<String>,
    /// Length in seconds.
    pub duration_s: f64,
    /// Best start for the query or the clip, seconds of the track.
    pub start_s: f64,
    /// SPDX expression, or the licence in the words of the file.
    pub licence: Option<String>,
    /// The music file.
    #[serde(flatten)]
    pub file: FileDoc,
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
            file: track.path.as_path().into(),
        }
    }
}

/// Shares of the four moods.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the four moods are their own names")]
pub struct MoodDoc {
    pub action: f64,
    pub sad: f64,
    pub happy: f64,
    pub calm: f64,
}

impl From<&Mood> for MoodDoc {
    fn from(mood: &Mood) -> Self {
        let [action, sad, happy, calm] = mood.shares().map(|s| rounded(f64::from(s), 3));
        Self {
            action,
            sad,
            happy,
            calm,
        }
    }
}

/// A frame rate as a fraction: 30000/1001 is 29.97 frames a second.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "numerator and denominator, reduced")]
pub struct RateDoc {
    pub num: u32,
    pub den: u32,
}

impl From<FrameRate> for RateDoc {
    fn from(rate: FrameRate) -> Self {
        Self {
            num: rate.num(),
            den: rate.den(),
        }
    }
}

/// The frames nearest to a range in seconds: the first one, and the one after the last.
pub(crate) fn range_frames(rate: FrameRate, range_s: (f64, f64)) -> [i64; 2] {
    let first = rate.nearest_frame_s(range_s.0).0;
    FrameRange::nearest_s(rate, range_s)
        .map_or([first, first], |range| [range.start().0, range.end().0])
}

/// A number rounded to so many decimals, as many as a measurement is good for.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_in_seconds_is_counted_in_frames() {
        for (rate, range_s, frames) in [
            (FrameRate::FPS_25, (0.0, 8.0), [0, 200]),
            (FrameRate::FPS_23_976, (10.0, 70.0), [240, 1678]),
            (FrameRate::FPS_29_97, (10.0, 70.0), [300, 2098]),
            (FrameRate::FPS_29_97, (1.0, 1.001), [30, 31]),
        ] {
            assert_eq!(range_frames(rate, range_s), frames, "{rate}, {range_s:?}");
        }
        assert_eq!(range_frames(FrameRate::FPS_25, (f64::NAN, -1.0)), [0, 0]);
    }
}
