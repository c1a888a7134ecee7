//! What is known of a track.

use std::path::PathBuf;

use needledrop_ranking::{
    Beats, Character, Curves, Form, Key, KeyEstimate, Loudness, Mode, Section, Tempo,
};

/// Everything known of a track but its place, its vectors and its identity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackFacts {
    /// Title, never empty in what the indexer writes (the file's name where there is no tag).
    pub title: String,
    /// Artist.
    pub artist: Option<String>,
    /// Album.
    pub album: Option<String>,
    /// Licence, as an SPDX identifier where there is one.
    pub licence: Option<String>,
    /// The line of credit that the licence asks for.
    pub attribution: Option<String>,
    /// Where the file came from, such as a package name.
    pub source: Option<String>,
    /// International Standard Recording Code, as the file names it.
    pub isrc: Option<String>,
    /// Beats per minute as the file claims them; kept beside the estimate, never used for it.
    pub claimed_bpm: Option<f32>,
    /// Key as the file claims it, likewise.
    pub claimed_key: Option<Key>,
    /// Length in seconds.
    pub duration_s: f64,
    /// Start and end, in seconds, of the window that the vector was made from.
    pub preview_s: (f64, f64),
    /// Tempo, where one was found.
    pub tempo: Option<Tempo>,
    /// Key, where one was found.
    pub key: Option<KeyEstimate>,
    /// Loudness (EBU R 128).
    pub loudness: Loudness,
    /// Ending, climax, loop.
    pub form: Form,
    /// Mood, energy, valence, share of voices.
    pub character: Character,
    /// Tags with their scores, 0 to 1, highest first.
    pub tags: Vec<(String, f32)>,
}

/// What people are told of a track: a tag or a credits file says it, and it may change while the sound does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackCredits {
    /// Title.
    pub title: String,
    /// Artist.
    pub artist: Option<String>,
    /// Album.
    pub album: Option<String>,
    /// Licence.
    pub licence: Option<String>,
    /// The line of credit that the licence asks for.
    pub attribution: Option<String>,
    /// Where the file came from.
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

/// What is known of a track beyond what a list or a ranking needs; read one track at a time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackDetails {
    /// Beats and bars, where there are any that can be followed; times come back to about 30 µs.
    pub beats: Option<Beats>,
    /// Energy, onsets and waveform over time.
    pub curves: Curves,
    /// Chromaprint of its first two minutes; empty where there is none.
    pub fingerprint: Vec<u32>,
}

/// A music file as the indexer met it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path, absolute or relative to wherever the indexer's caller counts from; kept as it is given.
    pub path: PathBuf,
    /// Size in bytes.
    pub bytes: u64,
    /// Time of the last change, nanoseconds since 1970.
    pub modified_ns: i64,
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
}

/// A track to be written, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTrack {
    /// The file.
    pub file: SourceFile,
    /// What was found in it.
    pub facts: TrackFacts,
    /// Vector in the catalog's space, any length above zero; stored with length one.
    pub vector: Vec<f32>,
    /// Sections in time order; their vectors are kept as 16-bit floats, so they come back rounded to about three
    /// digits.
    pub sections: Vec<Section>,
    /// Beats, curves, fingerprint.
    pub details: TrackDetails,
    /// Version of the analysis that found all this, for the indexer to know what to do again; 0 stands for the time
    /// before versions.
    pub analysis_version: u32,
    /// Ids of tracks that are the same recording in another encoding; unknown ones are passed over.
    pub same_as: Vec<String>,
}

/// A track of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Number in this catalog: never given twice, but new when the file is analysed again.
    pub row: i64,
    /// Stable id: the first sixteen hexadecimal digits of the content's SHA-256.
    pub id: String,
    /// Path of a file that holds it, one that is there where there is one.
    pub path: PathBuf,
    /// No file of it was there when the indexer last looked.
    pub missing: bool,
    /// What is known of it.
    pub facts: TrackFacts,
}

/// The stable id of a content.
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

/// A key as the catalog stores it: pitch class, plus 12 in minor.
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
