//! A track as it is written and read.

use std::path::PathBuf;

use needledrop_ranking::{
    Beats, Character, Curves, Form, Key, KeyEstimate, Loudness, Mode, Section, Tempo,
};

/// What the lists and the ranking need to know of a track.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "some names say it all")]
pub struct TrackFacts {
    /// Title; the indexer writes the file's name where there is no tag.
    pub title: String,
    pub artist: Option<String>,
    pub album: Option<String>,
    /// Licence, as an SPDX identifier where there is one.
    pub licence: Option<String>,
    /// The line of credit that the licence asks for.
    pub attribution: Option<String>,
    /// Origin of the file, such as the name of a package.
    pub source: Option<String>,
    /// International Standard Recording Code from the file's tags.
    pub isrc: Option<String>,
    /// Beats per minute from the file's tags; the estimate does not use them.
    pub claimed_bpm: Option<f32>,
    /// Key from the file's tags; the estimate does not use it.
    pub claimed_key: Option<Key>,
    pub duration_s: f64,
    /// Start and end of the part that the vector was computed from, seconds.
    pub preview_s: (f64, f64),
    /// Estimated tempo, where there is a pulse.
    pub tempo: Option<Tempo>,
    /// Estimated key, where the track is tonal.
    pub key: Option<KeyEstimate>,
    /// Loudness by EBU R 128.
    pub loudness: Loudness,
    /// How the track ends, where its climax is, which part can be looped.
    pub form: Form,
    /// Mood, energy and valence, and how much of the track is voices.
    pub character: Character,
    /// Tags with scores from 0 to 1, highest first.
    pub tags: Vec<(String, f32)>,
}

/// The part of [`TrackFacts`] that comes from tags and credits files. It can change while the sound stays the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of TrackFacts")]
pub struct TrackCredits {
    pub title: String,
    pub artist: Option<String>,
    pub album: Option<String>,
    pub licence: Option<String>,
    pub attribution: Option<String>,
    pub source: Option<String>,
}

impl TrackFacts {
    /// The part of the facts that credits can change.
    pub fn credits(&self) -> TrackCredits {
        TrackCredits {
            title: self.title.clone(),
            artist: self.artist.clone(),
            album: self.album.clone(),
            licence: self.licence.clone(),
            attribution: self.attribution.clone(),
            source: self.source.clone(),
        }
    }
}

/// The analysis of a track beyond [`TrackFacts`]. It is large, so it is read for one track at a time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackDetails {
    /// Beats and bars, where the pulse is steady enough to follow. Times are stored to about 30 µs.
    pub beats: Option<Beats>,
    /// Energy, onsets and waveform as curves over time.
    pub curves: Curves,
    /// Chromaprint of the first two minutes; empty where there is none.
    pub fingerprint: Vec<u32>,
}

/// A music file as the indexer found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path, absolute or relative to a folder that the caller chooses; stored as it is given.
    pub path: PathBuf,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Time of the last change, nanoseconds since 1970-01-01 UTC.
    pub modified_ns: i64,
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
}

/// A track to be written, with everything that belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTrack {
    /// A file that holds the track.
    pub file: SourceFile,
    /// Tags, credits and the short part of the analysis.
    pub facts: TrackFacts,
    /// Vector in the catalog's audio space, of any length above zero; it is stored with length one.
    pub vector: Vec<f32>,
    /// Sections in time order. Their vectors are stored as 16-bit floats, which rounds them to about three digits.
    pub sections: Vec<Section>,
    /// The long part of the analysis: beats, curves, fingerprint.
    pub details: TrackDetails,
    /// Version of the analysis. The indexer analyses tracks of an older version again; 0 stands for the time before there
    /// were versions.
    pub analysis_version: u32,
    /// Ids of tracks that are the same recording in another encoding; unknown ids are ignored.
    pub same_as: Vec<String>,
}

/// A track of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Number of the track in this catalog. It is never reused; a track that is analysed again gets a new one.
    pub row: i64,
    /// Stable id: the first sixteen hexadecimal digits of the content's SHA-256.
    pub id: String,
    /// Path of a file that holds the track, an existing one if there is any.
    pub path: PathBuf,
    /// None of its files existed when the indexer last looked.
    pub missing: bool,
    /// Tags, credits and the short part of the analysis.
    pub facts: TrackFacts,
}

/// The stable id of a file's content: the first sixteen hexadecimal digits of its SHA-256.
///
/// ```
/// assert_eq!(needledrop_catalog::track_id(&[0xab; 32]), "abababababababab");
/// ```
pub fn track_id(sha256: &[u8; 32]) -> String {
    sha256[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A key as the catalog stores it: the pitch class, plus 12 for minor.
pub(crate) fn key_number(key: Key) -> u8 {
    key.tonic() + if key.mode() == Mode::Minor { 12 } else { 0 }
}

/// The key of a stored number.
pub(crate) fn key_of_number(number: u8) -> Key {
    let mode = if number >= 12 {
        Mode::Minor
    } else {
        Mode::Major
    };
    Key::new(number % 12, mode)
}
